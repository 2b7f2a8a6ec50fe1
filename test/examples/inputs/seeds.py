"""seeds.py PROGRAM SEEDS FLAGS...: the mean test accuracy over several seeds, in percent."""
import re
import subprocess
import sys

program, seeds, *flags = sys.argv[1:]
found = []
for seed in range(1, int(seeds) + 1):
    command = [program, "train", "--seed", str(seed), "--output", f"{program}.safetensors", *flags]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found.append(100 * float(re.search(r"test\.accuracy ([0-9.e-]+)", text).group(1)))
print(f"mean of {len(found)}: {sum(found) / len(found):.2f}%")
