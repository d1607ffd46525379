"""Mints a bridge token, verifies it, and revokes it."""
import os
import time

from hallpass import Client, Refused, Verifier

url = os.environ["HALLPASS_URL"]
client = Client(url, os.environ["HALLPASS_SECRET_KEY"])
verifier = Verifier(url, "bridge", accounts=[os.environ["HALLPASS_ACCOUNT"]])

token = client.mint_bridge_token(os.environ["CUSTOMER_ID"], config={"processing_method": "inline"})
print("customer:", verifier.verify(token)["sub"])
print("active:", client.introspect(token) is not None)

client.revoke(token)
print("active:", client.introspect(token) is not None)
# the verifier sees it within 30 seconds
try:
    while verifier.verify(token):
        time.sleep(1)
except Refused as refused:
    print("refused:", refused.reason)
