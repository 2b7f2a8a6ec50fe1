/* Main.c: the program that a compiled model becomes: it learns, evaluates,
 * predicts, explains. */
#include "runtime/app/Bench.h"
#include "runtime/app/Call.h"
#include "runtime/app/Evaluate.h"
#include "runtime/app/Info.h"
#include "runtime/app/Options.h"
#include "runtime/app/Predict.h"
#include "runtime/app/Report.h"
#include "runtime/app/Signals.h"
#include "runtime/app/Text.h"
#include "runtime/app/Train.h"
#include "runtime/core/Check.h"

static int printVersion(const struct modelc_program *program) {
  struct Text text = {0};
  appendFormat(&text, "%s, compiled by %s for %s\n", program->name,
               program->compiler, program->target);
  printText(&text);
  freeText(&text);
  return ExitSuccess;
}

static int runCommand(const struct modelc_program *program,
                      const struct Options *options, int argumentCount,
                      char **arguments) {
  switch (options->command) {
  case CommandTrain:
    return runTrain(program, options);
  case CommandEvaluate:
    return runEvaluate(program, options);
  case CommandPredict:
    return runPredict(program, options);
  case CommandCall:
    return runCall(program, options);
  case CommandBench:
    return runBench(program, options);
  case CommandInfo:
    return runInfo(program, options);
  case CommandMan:
    printManPage(program, arguments[0], 0);
    return ExitSuccess;
  case CommandCompletion:
    printCompletion(program, arguments[0], options->function);
    return ExitSuccess;
  case CommandVersion:
    return printVersion(program);
  case CommandHelp:
    printHelp(program, argumentCount, arguments);
    return ExitSuccess;
  }
  failInternal("the command has no meaning");
}

int main(int argumentCount, char **arguments) {
  const struct modelc_program *program = &modelc_program_descriptor;
  struct ModelcMessage message = {.length = 0};
  if (modelcCheckProgram(program, &message))
    failInternal("the compiled program is inconsistent: %s", message.text);
  reportWriteErrors();
  struct Options options = parseOptions(program, argumentCount, arguments);
  int code = runCommand(program, &options, argumentCount, arguments);
  freeOptions(&options);
  return code;
}
