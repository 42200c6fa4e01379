"""Prints what a process measured, as measured.ts does."""

import json
import resource
import time


class Measured:
    """Measures what runs inside of it: wall and CPU time in seconds, peak memory in MB."""

    def __enter__(self):
        self.started = time.perf_counter()
        self.cpu = time.process_time()
        return self

    def __exit__(self, *failure):
        self.figures = {
            "seconds": time.perf_counter() - self.started,
            "cpu": time.process_time() - self.cpu,
            "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }

    def print(self, **more):
        print(json.dumps({**self.figures, **more}))
