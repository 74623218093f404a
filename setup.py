"""What pyproject.toml cannot say: the folder assets/ is installed as kimidesk/assets."""

from pathlib import Path

from setuptools import find_packages, setup

ASSETS = {"kimidesk.assets": "assets"} | {
    f"kimidesk.assets.{folder.name}": f"assets/{folder.name}"
    for folder in sorted(Path("assets").iterdir())
    if folder.is_dir() and folder.name != "screenshots"
}

setup(
    packages=[
        *find_packages(include=["kimidesk*"]),
        *find_packages("kernels", include=["kimikernels*"]),
        *ASSETS,
    ],
    package_dir={"kimikernels": "kernels/kimikernels", **ASSETS},
    package_data={name: ["*"] for name in ASSETS},
    exclude_package_data={"kimidesk.assets.translations": ["*.ts"]},
)
