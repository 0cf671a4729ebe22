"""What schemathesis can't know about the Worker: which addresses call, which codes exist, and which payloads are well-formed.

By the contract, the response to a malformed payload has HTTP status 200 too. So the check here goes by the errorcode: it must be
100 for exactly those bodies that violate the document's schema or its prose.
"""

import atexit
import collections
import itertools
import json
import os
import pathlib
import re

import jsonschema_rs
import requests
import schemathesis

DOCUMENT = json.loads(pathlib.Path("assets/openapi.json").read_text())
SCHEMAS = DOCUMENT["components"]["schemas"]
MAX_BODY_BYTES = 16 * 1024
MAX_DEPTH = 127

# How many calls of a run the proxy of `wrangler dev` may lose.
MAX_LOST_CALLS = 5

# Codes that schemathesis.rs has put into KV.
CODES = json.loads(os.environ["RESET_CODES"])

# How often each response was seen, for schemathesis.rs: "<call> <status> <errorcode>".
RESPONSES = collections.Counter()
atexit.register(lambda: pathlib.Path(os.environ["RESET_RESPONSES"]).write_text(json.dumps(RESPONSES)))

CALLS = {path: path.removeprefix("/AP/") for path in DOCUMENT["paths"] if path.startswith("/AP/")}
VALIDATORS = {call: jsonschema_rs.Draft202012Validator(SCHEMAS[call]) for call in CALLS.values()}


def members_of(body):
    """The members of a body that all programs read in the same way, or None."""
    try:
        members = json.loads(
            body.decode(),
            object_pairs_hook=Members,
            parse_constant=not_json,
            parse_float=within_a_double,
            parse_int=integer,
        )
    except ValueError:
        return None
    return members if isinstance(members, Members) and is_read_alike(members) else None


def is_valid(call, members):
    """Whether a payload conforms to the schema and its prose: a schema can't tell 5.0 from 5, or see a repeated key."""
    floats = any(isinstance(value, float) for key, value in members if key in SCHEMAS[call]["properties"])
    payload = dict(members)
    return not floats and len(payload) == len(members) and VALIDATORS[call].is_valid(payload)


def is_well_formed(call, body):
    """Whether a body is what the call expects. By the prose, keys may have another letter case than in the schema."""
    members = members_of(body)
    if members is None:
        return False
    keys = SCHEMAS[call]["properties"]
    known = [
        (key, value)
        for name, value in members
        for key in keys
        if re.fullmatch(key, name, re.ASCII | re.IGNORECASE)
    ]
    return is_valid(call, known)


class Members(list):
    """The members of an object, in which keys may repeat."""


def not_json(constant):
    raise ValueError(f"{constant} is not JSON")


def within_a_double(digits):
    number = float(digits)
    if abs(number) == float("inf"):
        raise ValueError("too large for a double")
    return number


def integer(digits):
    within_a_double(digits)
    return -0.0 if digits == "-0" else int(digits)


def is_read_alike(value, depth=1):
    """Whether all programs read a value in the same way: without lone surrogates, and not too deep."""
    if isinstance(value, str):
        return not re.search("[\ud800-\udfff]", value)
    if not isinstance(value, list):
        return True
    inner = itertools.chain.from_iterable(value) if isinstance(value, Members) else value
    return depth <= MAX_DEPTH and all(
        is_read_alike(item, depth + isinstance(item, list)) for item in inner
    )


def with_member(member):
    return lambda body: f"{body[:-1]}, {member}}}"


def with_value(key, value):
    pattern = f'"({key})": ("([^"\\\\]|\\\\.)*"|[^,}}]*)'
    return lambda body: re.sub(pattern, lambda member: f'"{member[1]}": {value}', body)


CODE = "PendingCode|LockCode"


def padded(size):
    return lambda body: body + " " * (size - len(body.encode()))


KEY = f'"({"|".join(key for call in CALLS.values() for key in SCHEMAS[call]["properties"])})":'

# Changes to a well-formed body that a generator of JSON values makes rarely or never.
SPELLINGS = itertools.cycle(
    [
        lambda body: re.sub(KEY, lambda key: key[0].swapcase(), body),
        lambda body: re.sub(KEY, r'\g<0> "", \g<0>', body, count=1),
        with_member('"userid": 1, "userNAME": "x"'),
        with_member('"x": 1, "x": 2'),
        with_member(r'"x": "\ud83d\udd11"'),
        with_member(r'"x": "\ud800"'),
        with_member(r'"\udc00": 1'),
        with_member('"x": 1e308'),
        with_member('"x": 1e309'),
        with_member(f'"x": {"[" * 126}{"]" * 126}'),
        with_member(f'"x": {"[" * 127}{"]" * 127}'),
        with_member('"x": NaN'),
        with_value("UserId", "5.0"),
        with_value("UserId", "5e0"),
        with_value("UserId", "-0"),
        with_value("UserId", str(2**64 - 1)),
        with_value("UserId", str(2**64)),
        with_value(CODE, '"F81D4FAE7DEC11D0A76500A0C91E6BF6"'),
        with_value(CODE, '"{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}"'),
        with_value(CODE, '"{F81D4FAE7DEC11D0A76500A0C91E6BF6}"'),
        with_value(CODE, r'"\t\u0085\u3000f81d4fae-7dec-11d0-a765-00a0c91e6bf6\u2028\r\n"'),
        with_value(CODE, r'"\ufefff81d4fae-7dec-11d0-a765-00a0c91e6bf6"'),
        with_value(CODE, '"{f81d4fae-7dec-11d0-a765-00a0c91e6bf6"'),
        with_value(CODE, '"{ f81d4fae-7dec-11d0-a765-00a0c91e6bf6 }"'),
        with_value(CODE, '"f81d4fae-7dec-11d0a765-00a0c91e6bf6-"'),
        with_value(CODE, '"urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"'),
        lambda body: body[:-1],
        lambda body: body + " {}",
        lambda body: body + "\r\n\t ",
        lambda body: "\ufeff" + body,
        padded(MAX_BODY_BYTES),
        padded(MAX_BODY_BYTES + 1),
    ]
)

GOOD = "four words that fit"


def reset_outcomes(codes):
    """Cases that no generator could guess: members of the payload, and faults for the observer."""
    unused = iter(codes["unused"])
    while True:
        yield {**next(unused, {}), "Password": GOOD}, {}
        yield {**codes["kept"], "Password": "weak"}, {}
        yield {**codes["of-nobody"], "Password": GOOD}, {}
        yield {}, {"Test-Fault": "kv:fail"}


def lock_outcomes(codes):
    """The same for the other call with a code."""
    for code in itertools.cycle(codes):
        yield code, {}
        yield {}, {"Test-Fault": "kv:fail"}


OUTCOMES = {
    "ResetPassword2": reset_outcomes(CODES["ResetPassword2"]),
    "LockAccount": lock_outcomes(CODES["LockAccount"]),
}
NUMBERS = itertools.count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    number = next(NUMBERS)
    # Each call has its own address, which no other test uses, and so its own rate limit.
    case.headers["CF-Connecting-IP"] = f"172.16.{number >> 8}.{number & 255}"
    call = CALLS.get(case.path)
    if call is None or case.method != "POST" or not isinstance(case.body, dict):
        return
    body = json.dumps(case.body)
    if not is_well_formed(call, body.encode()):
        return
    if number % 5 == 0:
        case.body = next(SPELLINGS)(body).encode()
    elif number % 5 == 1 and call in OUTCOMES:
        changes, headers = next(OUTCOMES[call])
        case.body = {**case.body, **changes}
        case.headers.update(headers)
    elif number % 50 == 2:
        case.headers["Test-Fault"] = "queue:fail"


LOST_CALLS = itertools.count(1)


@schemathesis.hook
def after_call(context, case, response):
    """Repeats a call that the proxy of `wrangler dev` lost on the way to the Worker.

    The proxy may send a call over a connection that is about to be closed, and then responds with 500 itself, which the Worker
    never does: see https://github.com/cloudflare/workers-sdk/pull/15252.
    """
    if response.status_code != 500 or b"Network connection lost." not in response.content:
        return
    assert next(LOST_CALLS) <= MAX_LOST_CALLS, "too many calls were lost"
    with requests.Session() as session:
        repeated = type(response).from_requests(session.send(response.request), verify=response.verify)
    for name in type(response).__slots__:
        setattr(response, name, getattr(repeated, name))


@schemathesis.check
def errorcode_100_means_malformed(ctx, response, case):
    call = CALLS.get(case.path)
    if call is None or response.request.method != "POST":
        return
    body = response.request.body or b""
    body = body if isinstance(body, bytes) else body.encode()
    errorcode = response.json()["errorcode"]
    RESPONSES[f"{call} {response.status_code} {errorcode}"] += 1
    assert (response.status_code == 413) == (len(body) > MAX_BODY_BYTES), "413 means too large"
    if response.status_code == 200:
        well_formed = is_well_formed(call, body)
        assert (errorcode != 100) == well_formed, f"well-formed: {well_formed}, and errorcode {errorcode}: {body!r}"
        # A client that follows only the schema, not the prose, never sends a malformed payload.
        members = members_of(body)
        if members is not None and not well_formed:
            assert not is_valid(call, members), f"valid but malformed: {body!r}"
