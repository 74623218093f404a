"""Starts the worker: `python -P -m kimidesk.worker`."""

from kimidesk.worker.main import main

if __name__ == "__main__":
    main()
