"""Prints the verdict of each case of docs/vectors/token-cases.json as JSON: decide.py FILE."""
import json
import sys

from hallpass import Refused, Verifier

with open(sys.argv[1], encoding="utf-8") as file:
    document = json.load(file)
declarations = {declaration["name"]: declaration for declaration in document["declarations"]}


def verdict(case):
    def get(path, _):
        if path == "/.well-known/jwks.json":
            return json.dumps(document["jwks"])
        return case.get("feed", document["feed"])

    now = case.get("now", document["now"]) / 1000
    accounts = [case.get("account", document["account"])]
    verifier = Verifier(
        document["issuer"],
        case["kind"],
        accounts,
        case.get("audience"),
        get=get,
        now=lambda: now,
        declaration=declarations.get(case["kind"]),
        allow_unspent=case.get("allow_unspent", False),
    )
    try:
        verifier.verify(case["token"], case.get("action"), case.get("resource"))
        return "ok"
    except Refused as refused:
        return refused.reason


json.dump({case["name"]: verdict(case) for case in document["cases"]}, sys.stdout)
