"""What a process of the sandbox may take, set by itself before it reads anything."""

import resource

MEMORY = 2**30  # bytes of address space
FILE = 2**20  # bytes a file
FILES = 32


def limit(cpu_s: int) -> None:
    """For good: hard limits cannot be raised without rights that the sandbox does not have."""
    for what, most in (
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, FILE),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_NPROC, 0),  # not held against root: the system call filter is
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))
