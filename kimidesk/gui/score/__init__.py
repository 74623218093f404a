"""The Score page: runs of benchmarks, watched in their folders, filtered, judged and compared."""
