/* OptionTable.c: the commands and options that every program has. */
#include "runtime/app/OptionTable.h"

#include <stdio.h>

const struct CommandRow commandTable[] = {
    {"train",
     CommandTrain,
     "",
     "learn from the data and write the weights",
     {"train --epochs 20 --output best.safetensors", "train --resume",
      "train --json > events.jsonl"}},
    {"eval",
     CommandEvaluate,
     "",
     "report the metrics of a split with given weights",
     {"eval --split valid", "eval --weights best.safetensors --json"}},
    {"predict",
     CommandPredict,
     "",
     "apply `predict` to new data, preprocessed as in training",
     {"predict --input new.csv --output results.csv",
      "predict --input - --format jsonl < new.jsonl"}},
    {"call",
     CommandCall,
     " FUNCTION",
     "apply an exported function to arrays as they are",
     {"call predict --input x=x.npy --output y.npy"}},
    {"info",
     CommandInfo,
     "",
     "show parameters, functions, data, memory and operations",
     {"info", "info --memory"}},
    {"bench",
     CommandBench,
     " [ENTRY]",
     "time the training step and functions, or one of them",
     {"bench", "bench predict --batch 1 --json"}},
    {"man",
     CommandMan,
     "",
     "write a man page of this program",
     {"man | man -l -"}},
    {"completion",
     CommandCompletion,
     " SHELL",
     "write what completes this program's command line in bash, zsh or fish",
     {"completion bash > ~/.local/share/bash-completion/completions/NAME"}},
    {"help", CommandHelp, " [COMMAND]", "show this text", {0}},
};

const int commandCount = sizeof commandTable / sizeof *commandTable;

#define AT(member) offsetof(struct Options, member)
const struct OptionRow optionTable[] = {
    {"weights", "FILE", OptionText, RunsModel, AT(weights), 0, 0,
     "safetensors to start from (train) or to use (NAME.safetensors)"},
    {"output", "FILE", OptionText, CommandTrain | CommandPredict | CommandCall,
     AT(output), 0, 0,
     "where weights (NAME.safetensors) or results go; `-` is standard output"},
    {"input", "[NAME=]FILE", OptionPairs, CommandPredict | CommandCall,
     AT(inputs), AT(inputCount), 0,
     "csv, json lines, npy or safetensors; `-` is standard input; may be "
     "repeated"},
    {"format", "FORMAT", OptionText, CommandPredict | CommandCall, AT(format),
     0, 0,
     "of the output: csv, jsonl, npy or safetensors; by default what FILE ends "
     "with"},
    {"raw", 0, OptionFlag, CommandPredict, AT(raw), 0, 0,
     "give what the function gives: no names of classes, no units of columns"},
    {"data", "[NAME=]FILE", OptionPairs, CommandTrain | CommandEvaluate,
     AT(data), AT(dataCount), 0,
     "read this file for the data NAME or the split NAME.SPLIT"},
    {"split", "SPLIT", OptionText, CommandEvaluate, AT(split), 0, 0,
     "which split to evaluate: train, valid or test (the last that there is)"},
    {"seed", "N", OptionInteger, RunsModel, AT(seed), AT(hasSeed), INT64_MIN,
     "of initial weights, shuffling and random numbers (that of the weights, "
     "if "
     "there are any)"},
    {"fold", "N", OptionInteger, CommandTrain | CommandEvaluate, AT(fold),
     AT(hasFold), 1,
     "leave only this fold out, from 1 (each in turn, then none); of `eval`, "
     "that of the weights"},
    {"epochs", "N", OptionInteger, CommandTrain, AT(epochs), AT(hasEpochs), 0,
     "passes over the training split"},
    {"batch", "N", OptionInteger, CommandTrain | CommandBench, AT(batch),
     AT(hasBatch), 1, "examples of a step, up to the compiled number"},
    {"repeats", "N", OptionInteger, CommandBench, AT(repeats), AT(hasRepeats),
     1, "how many calls are timed (100)"},
    {"no-shuffle", 0, OptionFlag, CommandTrain | CommandEvaluate, AT(noShuffle),
     0, 0, "take rows in the order of the source, in splits and in epochs"},
    {"steps-log", "FILE", OptionText, CommandTrain, AT(stepsLog), 0, 0,
     "write step and loss of every step, with all digits, as csv"},
    {"log", "FILE", OptionText, CommandTrain, AT(log), 0, 0,
     "write loss and metrics of every epoch as csv"},
    {"tensorboard", "FOLDER", OptionText, CommandTrain, AT(tensorboard), 0, 0,
     "write loss and metrics of every epoch for TensorBoard"},
    {"plot", "FILE", OptionText, CommandTrain, AT(plot), 0, 0,
     "draw the curves of loss and metrics, as svg"},
    {"resume", 0, OptionFlag, CommandTrain, AT(resume), 0, 0,
     "go on from the checkpoint; begin anew where there is none"},
    {"checkpoint", "FILE", OptionText, CommandTrain, AT(checkpoint), 0, 0,
     "what an interrupted run goes on from, kept when it is done "
     "(NAME.checkpoint, removed when it is done)"},
    {"checkpoint-every", "N", OptionText, CommandTrain, AT(checkpointEvery), 0,
     0, "steps, or seconds with an `s`: `500`, `30s` (10s); `0` for never"},
    {"trap-nan", 0, OptionFlag, CommandTrain, AT(trapNan), 0, 0,
     "say which line of the model the first NaN comes from; slower"},
    {"json", 0, OptionFlag,
     CommandTrain | CommandEvaluate | CommandInfo | CommandBench, AT(json), 0,
     0, "print JSON, one object a line"},
    {"memory", 0, OptionFlag, CommandInfo, AT(memory), 0, 0,
     "show which lines of the program need the memory, and all slots"},
    {"kernels", 0, OptionFlag, CommandInfo, AT(kernels), 0, 0,
     "show what runs: each kernel with its operations, bytes and lines"},
    {"no-cache", 0, OptionFlag, CommandTrain | CommandEvaluate, AT(noCache), 0,
     0, "parse csv files anew and keep no cache of them"},
    {"cache-from", "BYTES", OptionInteger, CommandTrain | CommandEvaluate,
     AT(cacheFrom), AT(hasCacheFrom), 0, 0},
    {"poison", 0, OptionFlag, RunsModel, AT(poison), 0, 0, 0},
};
const int optionCount = sizeof optionTable / sizeof *optionTable;

const char *kebabName(const char *name) {
  static char text[128];
  snprintf(text, sizeof text, "%s", name);
  for (char *c = text; *c; ++c)
    *c = *c == '_' ? '-' : *c;
  return text;
}
