// Manuals.cpp: `modelc man` and `modelc completion`, made from the table of
// commands; of compiled programs from the runtime's.
#include "tools/modelc/Commands.h"
#include "llvm/Support/raw_ostream.h"
#include <deque>

extern "C" {
#include "runtime/app/Manual.h"
#include "runtime/app/Options.h"
}

using namespace modelc;

namespace {
/// The table of commands as the runtime's Manual, which points into it.
class ModelcManual {
public:
  ModelcManual() {
    for (const modelc::Command &command : allCommands())
      add(command);
    manual.program = manual.page = "modelc";
    manual.version = "modelc " MODELC_VERSION;
    manual.summary = "a compiler for models";
    manual.paragraphs = paragraphs;
    manual.commands = commands.data();
    manual.commandCount = commands.size();
    manual.exitStatus = "0 success, 1 a mistake on the command line or in the "
                        "program, 2 a fault of the compiler.";
  }

  const Manual &get() const { return manual; }

private:
  /// A list that ends with null; null if there are no words.
  const char *const *listOf(const std::vector<std::string> &words) {
    if (words.empty())
      return nullptr;
    std::vector<const char *> &list = lists.emplace_back();
    for (const std::string &word : words)
      list.push_back(word.c_str());
    list.push_back(nullptr);
    return list.data();
  }

  void add(const modelc::Command &command) {
    CommandLine &line = lines.emplace_back();
    command.declare(line);
    std::vector<ManualOption> &described = options.emplace_back();
    for (const Option &option : line.options())
      if (!option.isHidden)
        described.push_back(
            {option.name.c_str(),
             option.value.empty() ? nullptr : option.value.c_str(),
             option.help.c_str(), listOf(option.choices)});
    described.push_back({"--help", nullptr, "show the options", nullptr});
    if (command.name.empty())
      described.push_back({"--version", nullptr, "show the version", nullptr});
    usages.push_back(line.usage());
    commands.push_back({command.name.data(), usages.back().c_str(),
                        command.summary.data(), described.data(),
                        int32_t(described.size()),
                        listOf(line.operands().choices)});
  }

  static constexpr const char *paragraphs[] = {
      "A `.model` file says what a network computes, what it learns from and "
      "how it learns; modelc turns it into one native program that trains, "
      "evaluates and predicts. The program is a single static file: it needs "
      "no library on the machine where it runs.",
      "What the programs take is in modelc-program(1), and what a program "
      "takes in the page that its command `man` writes.",
      nullptr};

  // Deques, as what is in them is pointed to.
  std::deque<CommandLine> lines;
  std::deque<std::vector<ManualOption>> options;
  std::deque<std::vector<const char *>> lists;
  std::deque<std::string> usages;
  std::vector<ManualCommand> commands;
  Manual manual = {};
};

struct Words {
  std::vector<std::string> values;
};
} // namespace

static void print(Text &text) {
  llvm::outs() << llvm::StringRef(text.data, text.length);
  freeText(&text);
}

/// The page of all compiled programs: that of a model without hypers.
static void writeProgramPage() {
  modelc_program any = {};
  any.name = "NAME";
  any.documentation = "";
  any.compiler = "modelc " MODELC_VERSION;
  printManPage(&any, "PROGRAM", "modelc-program");
}

Action modelc::declareMan(CommandLine &line) {
  auto page = std::make_shared<Words>();
  line.operands({"page", 0, 1, false, &page->values, {"modelc", "program"}});
  return [page] {
    if (!page->values.empty() && page->values.front() == "program") {
      writeProgramPage();
      return Success;
    }
    ModelcManual manual;
    Text text = {};
    appendManPage(&text, &manual.get());
    print(text);
    return Success;
  };
}

Action modelc::declareCompletion(CommandLine &line) {
  auto shell = std::make_shared<Words>();
  line.operands(
      {"shell", 1, 1, false, &shell->values, {"bash", "zsh", "fish"}});
  return [shell] {
    ModelcManual manual;
    Text text = {};
    appendCompletion(&text, &manual.get(), shell->values.front().c_str());
    print(text);
    return Success;
  };
}
