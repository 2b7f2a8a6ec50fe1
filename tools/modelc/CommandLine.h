// CommandLine.h: what a command accepts, declared once; parsing, `--help`, the
// man page and completion are made from it.
#ifndef MODELC_TOOLS_MODELC_COMMANDLINE_H
#define MODELC_TOOLS_MODELC_COMMANDLINE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <functional>
#include <string>
#include <vector>

namespace llvm {
class raw_ostream;
}

namespace modelc {

/// Exit codes: whose mistake it was.
enum ExitCode { Success = 0, UsersMistake = 1, CompilersMistake = 2 };

/// Writes `modelc: error: …` and is that mistake.
ExitCode failWith(ExitCode code, const llvm::Twine &message);
ExitCode failWith(ExitCode code, llvm::Error error);

/// One option, such as `--check` or `-o <file>`.
struct Option {
  std::string name;  // with its dashes
  std::string value; // what follows it, in words; empty: nothing does
  std::string help;
  std::function<llvm::Error(llvm::StringRef)> set;
  std::vector<std::string> choices; // the values that there are; empty: any
  bool isHidden = false;
};

/// What stands on the command line beside options.
struct Operands {
  std::string what; // "file.model"
  unsigned least = 1;
  unsigned most = 1;
  /// Whether what follows the first operand belongs to another program,
  /// options included.
  bool endOptions = false;
  std::vector<std::string> *values = nullptr;
  std::vector<std::string> choices = {}; // the words that there are; empty: any
};

/// The options and operands of a command.
class CommandLine {
public:
  static constexpr unsigned anyNumber = ~0u;

  Option &flag(std::string name, bool &value, std::string help);
  Option &text(std::string name, std::string what, std::string &value,
               std::string help);
  /// May be given several times.
  Option &texts(std::string name, std::string what,
                std::vector<std::string> &values, std::string help);
  Option &number(std::string name, std::string what, uint64_t &value,
                 std::string help);
  Option &choice(std::string name, std::string what,
                 std::vector<std::string> choices, std::string &value,
                 std::string help);
  /// `values` may be filled with `least` to `most` of them.
  void operands(Operands expected) { positional = std::move(expected); }

  /// Sets what the arguments say. `command` is how the command is called.
  llvm::Error parse(llvm::StringRef command,
                    llvm::ArrayRef<llvm::StringRef> arguments);

  llvm::ArrayRef<Option> options() const { return declared; }
  const Operands &operands() const { return positional; }
  /// `<file.model>...`
  std::string usage() const;
  void printOptions(llvm::raw_ostream &os) const;

private:
  const Option *find(llvm::StringRef argument) const;
  llvm::Error unknown(llvm::StringRef command, llvm::StringRef argument) const;

  std::vector<Option> declared;
  Operands positional;
};

} // namespace modelc

#endif
