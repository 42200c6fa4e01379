"""Prints Parquet files as pyarrow reads them: of each, its columns' types as a JSON object, then
each row as a JSON array.

Integers and times (in ms) are strings, since JSON's numbers are not exact.
"""

import datetime
import json
import sys

import pyarrow.parquet

EPOCH = datetime.datetime(1970, 1, 1)


def plain(value):
    if isinstance(value, bool) or value is None or isinstance(value, (float, str)):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime.datetime):
        return str((value - EPOCH) // datetime.timedelta(milliseconds=1))
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(repr(value))


for path in sys.argv[1:]:
    table = pyarrow.parquet.ParquetFile(path).read()
    print(json.dumps({field.name: str(field.type) for field in table.schema}))
    columns = [column.to_pylist() for column in table.columns]
    for row in zip(*columns):
        print(json.dumps([plain(value) for value in row]))
