//===- PrintModule.cpp - modules as text for people -----------------------===//
//
//   func.func @step(%arg0: !model.array<2 x f32> {model.slot = @head.w}, ...
//     %head = model.contract %arg1, %arg0 ...
// becomes
//   func.func @step(
//       %head.w: !model.array<2 x f32> {model.slot = @head.w},
//       %x: ...
//     // wine.model:7: x |> head
//     %head = model.contract %x, %head.w ...
//
// MLIR prints neither comments nor names of a function's arguments, so both are
// put into its text: where operations begin is known from the printer's map of
// locations, and `%arg0` stands for one argument alone within a function.
//
//===----------------------------------------------------------------------===//
#include "passes/PrintModule.h"
#include "dialect/Model.h"
#include "dialect/Names.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/AsmState.h"
#include "passes/Locations.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::model;

namespace {
class ModulePrinter {
public:
  ModulePrinter(ModuleOp module, SourceLine sourceLine, raw_ostream &out)
      : module(module), sourceLine(sourceLine), out(out) {}

  void print() {
    std::string text;
    llvm::raw_string_ostream stream(text);
    AsmState::LocationMap places;
    auto flags = OpPrintingFlags().enableDebugInfo();
    AsmState state(module, flags, &places);
    module->print(stream, state);
    // Of several operations on a line, the one that they are parts of.
    module.walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (auto place = places.find(op); place != places.end())
        operations.try_emplace(place->second.first, op);
    });
    for (auto function : module.getOps<func::FuncOp>())
      nameArguments(function, state);
    printLines(text);
  }

private:
  /// Chooses names for the arguments of a function; what else is called so
  /// gives way.
  void nameArguments(func::FuncOp function, AsmState &state) {
    auto printed = [&](Value value) {
      std::string name;
      llvm::raw_string_ostream stream(name);
      value.printAsOperand(stream, state);
      return StringRef(name).split('#').first.str();
    };
    llvm::StringSet<> others, chosen;
    function.walk([&](Operation *op) {
      for (Value result : op->getResults())
        others.insert(printed(result));
      for (Region &region : op->getRegions())
        for (BlockArgument argument : region.getArguments())
          if (op != function || nameOf(argument).empty())
            others.insert(printed(argument));
    });
    llvm::StringMap<std::string> &names = renamed[function];
    SmallVector<std::string> inOrder;
    for (BlockArgument argument : function.getArguments()) {
      std::string name = "%" + nameOf(argument);
      if (name == "%")
        continue;
      names[printed(argument)] = inOrder.emplace_back(unique(name, chosen, {}));
      chosen.insert(inOrder.back());
    }
    for (const std::string &name : inOrder) {
      if (!others.contains(name))
        continue;
      names[name] = unique(name, chosen, others);
      chosen.insert(names[name]);
    }
  }

  static std::string unique(std::string name, const llvm::StringSet<> &a,
                            const llvm::StringSet<> &b) {
    std::string chosen = name;
    for (unsigned i = 0; a.contains(chosen) || b.contains(chosen); ++i)
      chosen = name + "_" + std::to_string(i);
    return chosen;
  }

  /// Of an operation that stands for several, where the first of them comes
  /// from.
  static Location firstPart(Location location) {
    if (auto named = dyn_cast<NameLoc>(location))
      return NameLoc::get(named.getName(), firstPart(named.getChildLoc()));
    auto fused = dyn_cast<FusedLoc>(location);
    return fused && !fused.getLocations().empty()
               ? firstPart(fused.getLocations().front())
               : location;
  }

  /// The operation whose part and line a comment before `op` tells: constants,
  /// which are shared by what has nothing to do with each other, belong to what
  /// follows them.
  static Operation *commented(Operation *op) {
    while (op && op->hasTrait<OpTrait::ConstantLike>())
      op = op->getNextNode();
    return op && !op->hasTrait<OpTrait::IsTerminator>() ? op : nullptr;
  }

  void printLines(StringRef text) {
    SmallVector<StringRef> lines;
    text.split(lines, '\n');
    if (lines.back().empty())
      lines.pop_back();
    const llvm::StringMap<std::string> *names = nullptr;
    for (auto [i, line] : llvm::enumerate(lines)) {
      // The printer counts lines from 1.
      Operation *op = operations.lookup(i + 1);
      auto function = dyn_cast_or_null<func::FuncOp>(op);
      if (function) {
        auto found = renamed.find(function);
        names = found == renamed.end() ? nullptr : &found->second;
        lastRole = lastLine = "";
      } else if (op && op->getParentOfType<func::FuncOp>() &&
                 (op = commented(op))) {
        comment(op, line.take_while([](char c) { return c == ' '; }));
      }
      printLine(line, names, bool(function));
      out << '\n';
    }
  }

  /// Says which part of the step begins with `op`, and of which line it is, if
  /// it is another than before.
  void comment(Operation *op, StringRef indent) {
    SmallVector<FileLineColLoc> lines;
    Location location = firstPart(op->getLoc());
    if (!hasUserLine(location))
      location = op->getLoc();
    collectUserLines(location, lines);
    if (lines.empty())
      return;
    if (StringRef role = locationRole(location); role != lastRole) {
      // An entry that only computes has one part.
      if (!lastRole.empty() || role != "forward")
        out << indent << "// -- " << role << " --\n";
      lastRole = role;
      lastLine.clear();
    }
    StringRef file = lines.front().getFilename();
    unsigned number = lines.front().getLine();
    std::string place =
        (llvm::sys::path::filename(file) + ":" + Twine(number)).str();
    if (place == lastLine)
      return;
    lastLine = place;
    out << indent << "// ";
    llvm::printEscapedString(place, out); // no line may end within
    if (std::optional<StringRef> text = sourceLine(file, number))
      out << ": " << text->trim();
    out << '\n';
  }

  /// Prints a line with the names of arguments replaced; those of a signature
  /// get a line each.
  void printLine(StringRef line, const llvm::StringMap<std::string> *names,
                 bool isSignature) {
    static constexpr StringLiteral inName =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.$-";
    bool inText = false, inResults = false;
    if (isSignature)
      out << '\n';
    while (!line.empty()) {
      if (line.front() == '"')
        inText = !inText;
      if (inText && line.front() == '\\') {
        out << line.take_front(2);
        line = line.drop_front(2);
        continue;
      }
      if (isSignature && !inText && line.starts_with("-> ("))
        inResults = true;
      if (inResults && line.front() == ')')
        inResults = false;
      if (isSignature && !inText &&
          (line.front() == '%' || (inResults && line.front() == '!')))
        out << "\n      ";
      if (inText || line.front() != '%') {
        out << line.front();
        bool ends =
            isSignature && !inText &&
            (line.starts_with(", %") || (inResults && line.starts_with(", !")));
        line = line.drop_front(ends ? 2 : 1);
        continue;
      }
      size_t end = std::min(line.find_first_not_of(inName, 1), line.size());
      StringRef name = line.take_front(end);
      line = line.drop_front(end);
      auto found = names ? names->find(name)
                         : llvm::StringMap<std::string>::const_iterator();
      out << (names && found != names->end() ? StringRef(found->second) : name);
    }
  }

  ModuleOp module;
  SourceLine sourceLine;
  raw_ostream &out;
  /// The operation that begins on each line of the text.
  DenseMap<unsigned, Operation *> operations;
  DenseMap<Operation *, llvm::StringMap<std::string>> renamed;
  std::string lastLine;
  StringRef lastRole;
};
} // namespace

void model::printModule(ModuleOp module, SourceLine sourceLine,
                        llvm::raw_ostream &out) {
  ModulePrinter(module, sourceLine, out).print();
}
