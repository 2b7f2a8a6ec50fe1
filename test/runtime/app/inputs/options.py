"""Compares the table of options with what a program tells and takes: `options.py PROGRAM OptionTable.c`."""
import re
import subprocess
import sys

COMMANDS = {"CommandTrain": "train", "CommandEvaluate": "eval", "CommandPredict": "predict", "CommandCall": "call",
            "CommandInfo": "info", "CommandBench": "bench"}
COMMANDS_OF = {"RunsModel": ["CommandTrain", "CommandEvaluate", "CommandPredict", "CommandCall"]}


def said(program, *words):
    run = subprocess.run([program, *words], capture_output=True, text=True)
    return run.stdout + run.stderr


def main():
    program, source = sys.argv[1], open(sys.argv[2]).read()
    first, second = source.split("optionTable[]")
    commands = re.findall(r'\n    \{"([a-z]+)"', first)
    rows = re.findall(r'\n    \{"([a-z-]+)",\s*(?:"[^"]*"|0),\s*Option\w+,\s*([\w |\n]+),(.*?)\},(?=\n)', second, re.S)
    page, completion = said(program, "man"), said(program, "completion", "bash")
    problems = []
    for name in commands:
        problems += [f"`{name}` is not in {where}" for where, text in
                     (("the help", said(program, "--help")), ("the man page", page), ("completion", completion))
                     if name not in text]
    for name, taken, rest in rows:
        if rest.rstrip().endswith(", 0"):  # not shown
            continue
        words = [word for part in re.split(r"[|\s]+", taken) for word in COMMANDS_OF.get(part, [part])]
        for command in (COMMANDS[word] for word in words):
            option = f"--{name}"
            if option not in said(program, command, "--help"):
                problems.append(f"`{option}` of `{command}` is not in its help")
            if f"unknown option `{option}`" in said(program, command, option, "--no-such-option"):
                problems.append(f"`{option}` of `{command}` is unknown to it")
            if option not in completion or option not in page.replace("\\-", "-"):
                problems.append(f"`{option}` of `{command}` is neither completed nor on the man page")
    print("\n".join(problems + [f"{len(commands)} commands, {len(rows)} options, {len(problems)} problems"]))
    sys.exit(1 if problems else 0)


main()
