"""Verifies the tokens on stdin, one a line, and prints the claims of each, or null."""
import importlib.util
import json
import sys

path, *settings = sys.argv[1:]
spec = importlib.util.spec_from_file_location("recipe", path)
recipe = importlib.util.module_from_spec(spec)
spec.loader.exec_module(recipe)
verify = recipe.create_verify(*settings)
for line in sys.stdin:
    try:
        print(json.dumps(verify(line.strip())))
    except Exception as error:
        print(error, file=sys.stderr)
        print("null")
