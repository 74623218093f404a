"""What pyproject.toml cannot say: where assets/ is installed, and how the kernels are compiled.

Without a C++ compiler the package is built all the same, and the statistics run in numpy.
"""

import os
from pathlib import Path

from setuptools import Extension, find_packages, setup

ASSETS = {"kimidesk.assets": "assets"} | {
    f"kimidesk.assets.{folder.name}": f"assets/{folder.name}"
    for folder in sorted(Path("assets").iterdir())
    if folder.is_dir() and folder.name != "screenshots"
}

NATIVE = Path("kernels/kimikernels/token_stats/native")
FLAGS = ["-std=gnu++17", "-O3", "-fno-math-errno", "-fno-trapping-math", "-fvisibility=hidden"]

# No Python in it: a plain library that ctypes loads, hence built without numpy's headers.
STATISTICS = Extension(
    "kimikernels.token_stats.native",
    sources=sorted(str(path) for path in NATIVE.glob("*.cpp")),
    depends=sorted(str(path) for path in NATIVE.glob("*.h")),
    extra_compile_args=[*FLAGS, "-pthread"],
    extra_link_args=["-pthread"],
    language="c++",
    optional=True,
)

setup(
    ext_modules=[] if os.environ.get("KIMIKERNELS_PLAIN") else [STATISTICS],
    packages=[
        *find_packages(include=["kimidesk*"]),
        *find_packages("kernels", include=["kimikernels*"]),
        *ASSETS,
    ],
    package_dir={"kimikernels": "kernels/kimikernels", **ASSETS},
    package_data={name: ["*"] for name in ASSETS},
    exclude_package_data={"kimidesk.assets.translations": ["*.ts"]},
)
