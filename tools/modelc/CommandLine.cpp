// CommandLine.cpp: reads the arguments of a command, and describes them.
#include "tools/modelc/CommandLine.h"
#include "frontend/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace modelc;
using llvm::StringRef;

ExitCode modelc::failWith(ExitCode code, const llvm::Twine &message) {
  llvm::WithColor::error(llvm::errs(), "modelc") << message << '\n';
  return code;
}

ExitCode modelc::failWith(ExitCode code, llvm::Error error) {
  llvm::handleAllErrors(std::move(error), [&](llvm::ErrorInfoBase &info) {
    failWith(code, info.message());
  });
  return code;
}

static bool isLong(StringRef name) { return name.starts_with("--"); }

//===----------------------------------------------------------------------===//
// Declaring
//===----------------------------------------------------------------------===//

Option &CommandLine::flag(std::string name, bool &value, std::string help) {
  auto set = [&value](StringRef) {
    value = true;
    return llvm::Error::success();
  };
  return declared.emplace_back(
      Option{std::move(name), "", std::move(help), set, {}, false});
}

Option &CommandLine::text(std::string name, std::string what,
                          std::string &value, std::string help) {
  auto set = [&value](StringRef text) {
    value = text.str();
    return llvm::Error::success();
  };
  return declared.emplace_back(Option{
      std::move(name), std::move(what), std::move(help), set, {}, false});
}

Option &CommandLine::texts(std::string name, std::string what,
                           std::vector<std::string> &values, std::string help) {
  auto set = [&values](StringRef text) {
    values.push_back(text.str());
    return llvm::Error::success();
  };
  return declared.emplace_back(Option{
      std::move(name), std::move(what), std::move(help), set, {}, false});
}

Option &CommandLine::number(std::string name, std::string what, uint64_t &value,
                            std::string help) {
  auto set = [&value, name](StringRef text) -> llvm::Error {
    if (text.getAsInteger(10, value))
      return llvm::createStringError("found `" + name + " " + text +
                                     "`, expected a number from 0");
    return llvm::Error::success();
  };
  return declared.emplace_back(Option{
      std::move(name), std::move(what), std::move(help), set, {}, false});
}

/// "`a`, `b` or `c`", where `last` is "or".
static std::string list(llvm::ArrayRef<std::string> names, StringRef last) {
  std::string text;
  for (const std::string &name : names) {
    if (!text.empty())
      text += &name == &names.back() ? (" " + last + " ").str() : ", ";
    text += "`" + name + "`";
  }
  return text;
}

Option &CommandLine::choice(std::string name, std::string what,
                            std::vector<std::string> choices,
                            std::string &value, std::string help) {
  auto set = [&value, name, choices](StringRef text) -> llvm::Error {
    if (!llvm::is_contained(choices, text))
      return llvm::createStringError("found `" + name +
                                     (isLong(name) ? "=" : "") + text +
                                     "`, expected " + list(choices, "or"));
    value = text.str();
    return llvm::Error::success();
  };
  return declared.emplace_back(Option{std::move(name), std::move(what),
                                      std::move(help), set, std::move(choices),
                                      false});
}

//===----------------------------------------------------------------------===//
// Parsing
//===----------------------------------------------------------------------===//

/// Whether the value of an option with one dash follows without a space, as in
/// `-O2`.
static bool isPrefix(const Option &option) {
  return !isLong(option.name) && !option.value.empty();
}

/// The option that `argument` begins with; `--emit=grad` and `-O2` hold their
/// value.
const Option *CommandLine::find(StringRef argument) const {
  StringRef name = argument.split('=').first;
  for (const Option &option : declared)
    if (option.name == name)
      return &option;
  for (const Option &option : declared)
    if (isPrefix(option) && argument.starts_with(option.name))
      return &option;
  return nullptr;
}

llvm::Error CommandLine::unknown(StringRef command, StringRef argument) const {
  StringRef name = argument.split('=').first;
  std::vector<StringRef> known = {"--help"};
  for (const Option &option : declared)
    if (!option.isHidden)
      known.push_back(option.name);
  std::string text = ("`" + command + "` has no option `" + name + "`").str();
  if (std::optional<StringRef> near = nearestName(name, known))
    text += ("\nhint: did you mean `" + *near + "`?").str();
  else
    text += ("\nhint: `" + command + " --help` lists the options").str();
  return llvm::createStringError(text);
}

llvm::Error CommandLine::parse(StringRef command,
                               llvm::ArrayRef<StringRef> arguments) {
  std::vector<std::string> values;
  bool onlyOperands = false;
  for (size_t i = 0; i != arguments.size(); ++i) {
    StringRef argument = arguments[i];
    if (onlyOperands || argument == "-" || !argument.starts_with("-")) {
      values.push_back(argument.str());
      onlyOperands |= positional.endOptions;
      continue;
    }
    if (argument == "--") {
      onlyOperands = true;
      continue;
    }
    const Option *option = find(argument);
    if (!option)
      return unknown(command, argument);
    StringRef value = argument.drop_front(option->name.size());
    bool isGiven = value.consume_front("=") || !value.empty();
    if (option->value.empty() && isGiven)
      return llvm::createStringError("found `" + argument + "`, expected `" +
                                     option->name + "` without a value");
    if (!option->value.empty() && !isGiven) {
      if (i + 1 == arguments.size())
        return llvm::createStringError("found `" + option->name +
                                       "` at the end, expected <" +
                                       option->value + "> after it");
      value = arguments[++i];
    }
    if (llvm::Error error = option->set(value))
      return error;
  }
  for (const std::string &value : values)
    if (!positional.choices.empty() &&
        !llvm::is_contained(positional.choices, value))
      return llvm::createStringError("found `" + value + "`, expected " +
                                     list(positional.choices, "or"));
  bool tooMany = values.size() > positional.most;
  if (!tooMany && values.size() >= positional.least) {
    if (positional.values)
      *positional.values = std::move(values);
    return llvm::Error::success();
  }
  std::string hint = ("\nhint: usage: " + command + " " + usage()).str();
  if (values.empty())
    return llvm::createStringError("found no <" + positional.what + ">" + hint);
  if (tooMany && positional.most == 0)
    return llvm::createStringError("found `" + values.front() +
                                   "`, expected only options" + hint);
  return llvm::createStringError("found " + list(values, "and") +
                                 ", expected one <" + positional.what + ">" +
                                 hint);
}

//===----------------------------------------------------------------------===//
// Describing
//===----------------------------------------------------------------------===//

std::string CommandLine::usage() const {
  std::string text = "[options]";
  if (positional.most == 0)
    return text;
  std::string operand = "<" + positional.what + ">";
  if (positional.most == anyNumber)
    operand += "...";
  return text + " " + (positional.least == 0 ? "[" + operand + "]" : operand);
}

/// `--emit=<stage>`, `-o <file>`, `-O<level>`.
static std::string synopsis(const Option &option) {
  if (option.value.empty())
    return option.name;
  return option.name + (isLong(option.name) ? "=<" : " <") + option.value + ">";
}

void CommandLine::printOptions(llvm::raw_ostream &os) const {
  constexpr size_t width = 24;
  for (const Option &option : declared) {
    if (option.isHidden)
      continue;
    std::string text = synopsis(option);
    os << "  " << text;
    os.indent(text.size() < width ? width - text.size() : 1);
    os << option.help << '\n';
  }
}
