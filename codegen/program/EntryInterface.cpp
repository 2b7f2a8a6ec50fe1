//===- EntryInterface.cpp - what an entry takes ---------------------------===//
//
// Reads attributes of functions and declarations of slots.
//
//===----------------------------------------------------------------------===//
#include "codegen/program/EntryInterface.h"
#include "dialect/Size.h"
#include "dialect/ops/Control.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/MathExtras.h"
extern "C" {
#include "runtime/core/abi.h"
}

using namespace mlir;
using namespace mlir::model;

//===----------------------------------------------------------------------===//
// Slots
//===----------------------------------------------------------------------===//

FailureOr<SlotLayout> model::placeSlots(ModuleOp module) {
  SlotLayout layout;
  for (auto slot : module.getOps<SlotOp>()) {
    if (slot.getKind() == "session") {
      slot.emitError("arrays that belong to a session are not supported");
      return failure();
    }
    auto type = cast<ArrayType>(slot.getType());
    SizeAttr count = type.getElementCount(); // null: overflows
    PlacedSlot placed = {
        slot.getFileName(), slot.getKind(), int64_t(slot.getStack()), type, 0,
        layout.bytes,       slot.getLoc()};
    int64_t end;
    if (!count ||
        llvm::MulOverflow(*count.asConstant(),
                          BufferType::get(type).getElementBytes(),
                          placed.bytes) ||
        llvm::AddOverflow(layout.bytes, placed.bytes, end) ||
        end > INT64_MAX - MODELC_ALIGNMENT) {
      slot.emitError("the slots do not fit memory together with `")
          << slot.getFileName() << "`";
      return failure();
    }
    layout.bytes = llvm::alignTo(end, MODELC_ALIGNMENT);
    layout.slots.insert({slot.getSymNameAttr(), placed});
  }
  return layout;
}

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

std::optional<int64_t> EntryInterface::boundOf(StringAttr symbol) const {
  auto found = symbols.find(symbol);
  return found == symbols.end() ? std::nullopt : std::optional(found->second);
}

SmallVector<SizeAttr> EntryInterface::derivedSizes() const {
  SmallVector<SizeAttr> sizes;
  for (const auto *values : {&inputs, &outputs})
    for (const EntryValue &value : *values)
      for (SizeAttr size : value.type.getShape())
        if (!size.isConstant() && !size.asSymbol())
          sizes.push_back(size);
  return sizes;
}

/// 0 if there is no such kind.
static int32_t entryKind(StringRef name) {
  return llvm::StringSwitch<int32_t>(name)
      .Case("init", MODELC_ENTRY_INIT)
      .Case("step", MODELC_ENTRY_STEP)
      .Case("evaluate", MODELC_ENTRY_EVALUATE)
      .Case("finish", MODELC_ENTRY_FINISH)
      .Case("fit", MODELC_ENTRY_FIT)
      .Case("preprocess", MODELC_ENTRY_PREPROCESS)
      .Case("function", MODELC_ENTRY_FUNCTION)
      .Case("restore", MODELC_ENTRY_RESTORE)
      .Case("trap", MODELC_ENTRY_TRAP)
      .Default(0);
}

static int32_t inputRole(StringRef name) {
  return llvm::StringSwitch<int32_t>(name)
      .Case("data", MODELC_INPUT_DATA)
      .Case("step", MODELC_INPUT_STEP)
      .Case("seed", MODELC_INPUT_SEED)
      .Case("hyper", MODELC_INPUT_HYPER)
      .Case("steps", MODELC_INPUT_STEPS)
      .Default(0);
}

static int32_t outputRole(StringRef name) {
  return llvm::StringSwitch<int32_t>(name)
      .Case("result", MODELC_OUTPUT_RESULT)
      .Case("loss", MODELC_OUTPUT_LOSS)
      .Case("metric", MODELC_OUTPUT_METRIC)
      .Case("trap", MODELC_OUTPUT_TRAP)
      .Default(0);
}

/// -1 if there is no such meaning.
static int32_t meaningOf(StringRef name) {
  return llvm::StringSwitch<int32_t>(name)
      .Case("", MODELC_MEANING_NONE)
      .Case("number", MODELC_MEANING_NUMBER)
      .Case("logits", MODELC_MEANING_LOGITS)
      .Case("log_probabilities", MODELC_MEANING_LOG_PROBABILITIES)
      .Case("probabilities", MODELC_MEANING_PROBABILITIES)
      .Case("class", MODELC_MEANING_CLASS)
      .Case("logit", MODELC_MEANING_LOGIT)
      .Case("probability", MODELC_MEANING_PROBABILITY)
      .Default(-1);
}

namespace {
/// Reads one function.
class EntryReader {
public:
  EntryReader(FunctionOpInterface function, const SlotLayout &layout)
      : function(function), layout(layout) {}

  FailureOr<EntryInterface> run() {
    entry.function = function;
    entry.name = StringAttr::get(function.getContext(), function.getName());
    entry.kind = entryKind(textAttribute("model.entry"));
    if (!entry.kind)
      return function->emitOpError("has the unknown kind `")
             << textAttribute("model.entry") << "` of entry";
    entry.documentation = textAttribute("model.documentation");
    if (auto bytes =
            function->getAttrOfType<IntegerAttr>("model.workspace_bytes"))
      entry.workspaceBytes = bytes.getInt();
    if (auto count = function->getAttrOfType<IntegerAttr>("model.operations"))
      entry.operations = count.getInt();
    if (auto bounds = function->getAttrOfType<DictionaryAttr>("model.symbols"))
      for (NamedAttribute bound : bounds)
        entry.symbols.insert(
            {bound.getName(), cast<IntegerAttr>(bound.getValue()).getInt()});
    if (failed(readArguments()) || failed(readRequirements()) ||
        failed(readRows()))
      return failure();
    for (MessageValue &value : entry.messages)
      value.extents = reserve(sizeof(int64_t) * value.type.getRank());
    return std::move(entry);
  }

private:
  StringRef textAttribute(StringRef name) {
    auto text = function->getAttrOfType<StringAttr>(name);
    return text ? text.getValue() : "";
  }

  /// Arrays, then the workspace, then the symbols.
  LogicalResult readArguments() {
    auto types = function->getAttrOfType<ArrayAttr>("model.types");
    size_t arrays = types ? types.size() : 0;
    if (!types ||
        function.getNumArguments() != arrays + 1 + entry.symbols.size())
      return function->emitOpError("has ")
             << function.getNumArguments() << " arguments; wanted " << arrays
             << " arrays, a workspace and " << entry.symbols.size()
             << " symbols";
    for (auto [i, type] : llvm::enumerate(types)) {
      auto attribute = dyn_cast<TypeAttr>(type);
      auto array =
          attribute ? dyn_cast<ArrayType>(attribute.getValue()) : ArrayType();
      if (!array)
        return function->emitOpError("`model.types` has an element ")
               << type << "; wanted types of arrays";
      if (failed(checkSymbols(array)) || failed(readArray(i, array)))
        return failure();
    }
    entry.arguments.push_back({EntryArgument::Workspace});
    for (unsigned i = 0; i < entry.symbols.size(); ++i)
      entry.arguments.push_back({EntryArgument::Symbol, i});
    return success();
  }

  LogicalResult readRequirements() {
    auto sizes = function->getAttrOfType<ArrayAttr>("model.requires");
    if (!sizes)
      return success();
    for (SizeAttr size : sizes.getAsRange<SizeAttr>()) {
      llvm::SetVector<StringAttr> used;
      collectSymbols(size, used);
      for (StringAttr symbol : used)
        if (!entry.symbols.contains(symbol))
          return function->emitOpError("requires the size `")
                 << size.str() << "`, but has no bound for " << symbol;
      entry.requirements.push_back(size);
    }
    return success();
  }

  LogicalResult readRows() {
    entry.rowSymbol = function->getAttrOfType<StringAttr>("model.rowwise");
    if (entry.rowSymbol && !entry.symbols.contains(entry.rowSymbol))
      return function->emitOpError("has rows by ")
             << entry.rowSymbol << ", for which it has no bound";
    return success();
  }

  LogicalResult checkSymbols(ArrayType type) {
    llvm::SetVector<StringAttr> used;
    collectSymbols(type, used);
    for (StringAttr symbol : used)
      if (!entry.symbols.contains(symbol))
        return function->emitOpError("has an array of type ")
               << type << ", but no bound for " << symbol;
    return success();
  }

  LogicalResult readArray(unsigned number, ArrayType type) {
    auto text = [&](StringRef name) {
      auto attribute = function.getArgAttrOfType<StringAttr>(number, name);
      return attribute ? attribute.getValue() : StringRef();
    };
    if (auto slot =
            function.getArgAttrOfType<FlatSymbolRefAttr>(number, "model.slot"))
      return readSlot(number, slot, type);
    StringRef input = text("model.input"), output = text("model.output");
    if (output == "message" || output == "check")
      return readMessage(output, type);
    int32_t role = input.empty() ? outputRole(output) : inputRole(input);
    if (!role)
      return function->emitOpError("argument ")
             << number << " is no slot, input or output with a known role";
    auto &values = input.empty() ? entry.outputs : entry.inputs;
    StringRef name = text("model.name");
    if (name.empty()) // such as the seed
      name = input.empty() ? output : input;
    entry.arguments.push_back(
        {input.empty() ? EntryArgument::Output : EntryArgument::Input,
         unsigned(values.size())});
    int32_t meaning = meaningOf(text("model.meaning"));
    if (meaning < 0)
      return function->emitOpError("has a result with the unknown meaning `")
             << text("model.meaning") << "`";
    values.push_back(
        {name.str(), role, type, meaning, text("model.field").str()});
    return success();
  }

  /// More of the workspace, behind what is planned; where it begins.
  int64_t reserve(int64_t bytes) {
    int64_t begin = llvm::alignTo(entry.workspaceBytes, MODELC_ALIGNMENT);
    entry.workspaceBytes = begin + bytes;
    return begin;
  }

  LogicalResult readMessage(StringRef role, ArrayType type) {
    auto bound = [&](StringAttr symbol) { return entry.boundOf(symbol); };
    SizeAttr count = type.getElementCount();
    std::optional<SizeRange> elements =
        count ? range(count, bound) : std::nullopt;
    int64_t bytes = BufferType::get(type).getElementBytes();
    if (!elements ||
        llvm::MulOverflow(std::max<int64_t>(elements->high, 0), bytes, bytes) ||
        bytes > INT64_MAX / 2 - entry.workspaceBytes)
      return function->emitOpError("shows an array of type ")
             << type << ", which does not fit memory";
    int64_t offset = reserve(bytes);
    entry.arguments.push_back({EntryArgument::Message, 0, offset});
    if (role == "check")
      entry.check = offset;
    else
      entry.messages.push_back({type, offset});
    return success();
  }

  LogicalResult readSlot(unsigned number, FlatSymbolRefAttr slot,
                         ArrayType type) {
    auto found = layout.slots.find(slot.getAttr());
    if (found == layout.slots.end() || found->second.type != type)
      return function->emitOpError("argument ")
             << number << " is the slot " << slot << " of type " << type
             << ", which is not declared like that";
    entry.arguments.push_back({EntryArgument::Slot, 0, found->second.offset});
    return success();
  }

  FunctionOpInterface function;
  const SlotLayout &layout;
  EntryInterface entry;
};
} // namespace

FailureOr<EntryInterface> model::readEntry(FunctionOpInterface function,
                                           const SlotLayout &layout) {
  return EntryReader(function, layout).run();
}
