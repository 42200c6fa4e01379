"""
What DuckDB and pyarrow look at for an hour of a day's file.

    pruned.py <parquet> <from> <to>     local times
"""

import json
import sys
from datetime import datetime

import duckdb
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

path, start, end = sys.argv[1:]
condition = f"local_time >= TIMESTAMP '{start}' AND local_time < TIMESTAMP '{end}'"
table = f"read_parquet('{path}', hive_partitioning = false)"
query = f"SELECT count(*), sum(update_id), sum(length(text)) FROM {table} WHERE "


def bytes_read(condition):
    """A connection of its own: what was read before is remembered."""
    asked = f"EXPLAIN (ANALYZE, FORMAT json) {query}{condition}"
    _, plan = duckdb.connect().execute(asked).fetchone()
    return json.loads(plan)["io"]["total_bytes_read"]


by_duckdb = duckdb.connect().execute(query + condition).fetchone()
of_all = "local_time IS NOT NULL"

metadata = pq.ParquetFile(path).metadata
column = metadata.schema.to_arrow_schema().get_field_index("local_time")
low, high = (datetime.fromisoformat(time) for time in (start, end))
overlapping = 0
for index in range(metadata.num_row_groups):
    statistics = metadata.row_group(index).column(column).statistics
    overlapping += statistics.min < high and statistics.max >= low

hour = (ds.field("local_time") >= low) & (ds.field("local_time") < high)
day = ds.dataset(path, format="parquet")
groups = [
    group.num_rows
    for fragment in day.get_fragments(filter=hour)
    for group in fragment.subset(hour).row_groups
]
read = day.to_table(filter=hour, columns=["update_id", "text"])
by_pyarrow = (
    read.num_rows,
    pc.sum(read["update_id"]).as_py(),
    pc.sum(pc.utf8_length(read["text"])).as_py(),
)

print(
    json.dumps(
        {
            "groups": metadata.num_row_groups,
            "overlapping": overlapping,
            "duckdbShare": 100 * bytes_read(condition) / bytes_read(of_all),
            "pyarrowShare": 100 * sum(groups) / metadata.num_rows,
            "isEqual": int(by_duckdb == by_pyarrow and by_duckdb[0] > 0),
        }
    )
)
