"""Runs a query on the data points in standard input, one JSON object per line: query.py <query>. Prints the rows likewise."""

import sys

from chdb.session import Session

# https://developers.cloudflare.com/analytics/analytics-engine/sql-api/#table-structure
BLOBS = ", ".join(f"blob{number} String" for number in range(1, 21))
DOUBLES = ", ".join(f"double{number} Float64" for number in range(1, 21))
COLUMNS = f"timestamp DateTime, dataset String, index1 String, {BLOBS}, {DOUBLES}, _sample_interval UInt32"

session = Session()
session.query(f"CREATE TABLE reset_password2_calls ({COLUMNS}) ENGINE = Memory")
session.query(f"INSERT INTO reset_password2_calls FORMAT JSONEachRow {sys.stdin.read()}")
print(session.query(sys.argv[1], "JSONEachRow"), end="")
