"""Mints tokens of two declared kinds: verifies one offline, and uses the other up."""
import json
import os

from hallpass import Client, HallpassError, Refused, Verifier

url = os.environ["HALLPASS_URL"]
client = Client(url, os.environ["HALLPASS_SECRET_KEY"])
with open(os.environ["DECLARATION"], encoding="utf-8") as file:
    declaration = json.load(file)
verifier = Verifier(url, "report-embed", accounts=[os.environ["HALLPASS_ACCOUNT"]], declaration=declaration)

report = client.mint_token("report-embed", "user_42", resource="report_7", actions=["view"], claims={"rows": ["eu"]})
print("rows:", verifier.verify(report, action="view", resource="report_7")["claims"]["rows"])
try:
    verifier.verify(report, action="export", resource="report_7")
except Refused as refused:
    print("refused:", refused.reason)

call = client.mint_token("voice-agent", "user_42", claims={"voice": "sage"})
print("uses left:", client.redeem(call, "voice-agent", action="talk")["uses_left"])
try:
    client.redeem(call, "voice-agent", action="talk")
except HallpassError as error:
    print("refused:", json.loads(error.body)["code"])
