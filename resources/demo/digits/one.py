"""One network on scikit-learn's handwritten digits, as the project's entry point `main` trains it.

python one.py --lr 0.001 --width 64 --batch 32 --seed 0 --epochs 20
"""

from __future__ import annotations

import argparse
import warnings

from train import prepare, train  # type: ignore[import-not-found]  # it lies beside this file


def main() -> None:
    """Train one setting, and say what it came to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lr", type=float, default=0.001)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=20)
    options = parser.parse_args()
    warnings.filterwarnings("ignore", module="sklearn")
    prepare()
    setting = {name: getattr(options, name) for name in ("lr", "width", "batch", "seed")}
    accuracy, run = train(setting, options.epochs)
    print(f"{accuracy:.2%} of the digits it had not seen are read right (run {run[:8]})", flush=True)


if __name__ == "__main__":
    main()
