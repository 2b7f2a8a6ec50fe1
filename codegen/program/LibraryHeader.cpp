//===- LibraryHeader.cpp - the C header of a library ----------------------===//
//
// Writes what LibraryInterface.cpp exports: constants for all sizes that are
// known when a model is compiled, the statuses, and the functions.
//
//===----------------------------------------------------------------------===//
#include "codegen/program/LibraryInterface.h"
#include "dialect/Size.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
extern "C" {
#include "runtime/core/abi.h"
}

using namespace mlir;
using namespace mlir::model;

/// The type of C that an element has in memory.
static StringRef elementName(Type element) {
  if (element.isF32())
    return "float";
  if (element.isF64())
    return "double";
  if (element.isInteger(1))
    return "uint8_t";
  return element.isInteger(8)    ? "int8_t"
         : element.isInteger(32) ? "int32_t"
                                 : "int64_t";
}

/// `float [N, 11]`.
static std::string shapeText(ArrayType type) {
  std::string text = elementName(type.getElementType()).str();
  for (auto [i, size] : llvm::enumerate(type.getShape()))
    text += (i ? ", " : " [") + size.str();
  return text + (type.getRank() ? "]" : "");
}

/// Text of the user's as lines of a comment, each after ` *`.
static std::string commentLines(StringRef text) {
  SmallVector<StringRef> lines;
  text.split(lines, '\n');
  std::string result;
  for (StringRef line : lines) {
    result += line.trim().empty() ? " *" : " * ";
    for (char letter : line.trim()) {
      if (letter == '/' && result.back() == '*')
        result += ' '; // the comment must not end here
      result += letter;
    }
    result += '\n';
  }
  return result;
}

namespace {
class HeaderWriter {
public:
  HeaderWriter(ModuleOp module, StringRef prefix, const SlotLayout &layout,
               llvm::raw_ostream &out)
      : module(module), prefix(prefix), macro(prefix.upper()), layout(layout),
        out(out) {}

  void write(ArrayRef<EntryInterface> entries) {
    writeOpening();
    writeStatuses();
    writeLoad();
    for (const EntryInterface &entry : entries)
      writeFunction(entry);
    out << "\n#ifdef __cplusplus\n}\n#endif\n#endif\n";
  }

private:
  StringRef moduleText(StringRef name) {
    auto text = module->getAttrOfType<StringAttr>(name);
    return text ? text.getValue() : "";
  }

  void writeOpening() {
    out << "/* " << prefix << ".h: the model " << moduleText("model.name")
        << ", made from " << moduleText("model.source_file") << " by "
        << moduleText("model.compiler") << " for " << moduleText("model.target")
        << ".\n *\n";
    if (StringRef text = moduleText("model.documentation"); !text.empty())
      out << commentLines(text) << " *\n";
    out << " * All memory is the caller's, and every pointer to arrays, slots "
           "or a workspace is\n"
           " * aligned to "
        << macro
        << "_ALIGNMENT bytes. Arrays are dense and row-major. No two pointers\n"
           " * of a call overlap, but inputs may overlap each other. Functions "
           "keep nothing between\n"
           " * calls but what is in the slots: calls with workspaces and "
           "outputs of their own may run\n"
           " * at the same time, as long as none of them writes the slots. "
           "They return 0 or\n"
           " * an error; but for assertions, nothing is written then.\n */\n";
    out << "#ifndef " << macro << "_H\n#define " << macro << "_H\n\n"
        << "#include <stddef.h>\n#include <stdint.h>\n\n"
        << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
    define("ALIGNMENT", MODELC_ALIGNMENT);
    out << "/* The slots: what the model has learnt, and what else it keeps. "
           "*/\n";
    define("SLOT_BYTES", layout.bytes);
  }

  void define(const Twine &name, int64_t value) {
    out << "#define " << macro << "_" << name << " " << value;
    if (value > INT32_MAX)
      out << "LL";
    out << "\n";
  }

  void writeStatuses() {
    out << "\nenum " << prefix << "_status {\n";
    const std::pair<const char *, int> statuses[] = {
        {"OK", MODELC_OK},
        {"ERROR_SIZE", MODELC_ERROR_SIZE},
        {"ERROR_NULL", MODELC_ERROR_NULL},
        {"ERROR_ALIGNMENT", MODELC_ERROR_ALIGNMENT},
        {"ERROR_ASSERTION", MODELC_ERROR_ASSERTION},
        {"ERROR_WEIGHTS", MODELC_ERROR_WEIGHTS}};
    for (auto [name, value] : statuses)
      out << "  " << macro << "_" << name << " = " << value
          << (value == MODELC_ERROR_WEIGHTS ? "\n" : ",\n");
    out << "};\n\n/* What a status means, in words; never null. */\n"
        << "const char *" << prefix << "_describe(int32_t status);\n";
  }

  void writeLoad() {
    out << "\n/* Fills the slots from the content of a safetensors file, as "
           "training writes it.\n"
           " * Where it is not of this model the slots stay as they are, and "
           "`message`, if it is\n"
           " * not null, says why in at most `message_bytes` bytes. */\n"
        << "int32_t " << prefix
        << "_load(void *slots, const void *file, size_t file_bytes, char "
           "*message,\n    size_t message_bytes);\n";
  }

  //===--------------------------------------------------------------------===//
  // Functions
  //===--------------------------------------------------------------------===//

  void writeFunction(const EntryInterface &entry) {
    LibraryFunction function = describeFunction(prefix, entry);
    std::string name =
        StringRef(function.name).drop_front(prefix.size() + 1).upper();
    std::string text =
        entry.documentation.empty()
            ? ("The entry `" + entry.name.getValue() + "`.").str()
            : entry.documentation.str();
    out << "\n/*" << StringRef(commentLines(text)).drop_front(2) << " *\n";
    for (const LibraryParameter &parameter : function.parameters)
      describe(parameter, entry);
    out << " */\n";
    define(name + "_WORKSPACE_BYTES", entry.workspaceBytes);
    for (auto [symbol, bound] : entry.symbols)
      define(name + "_MAXIMAL_" + symbol.getValue(), bound);
    for (const LibraryParameter &parameter : function.parameters)
      if (const EntryValue *value = arrayOf(parameter, entry))
        defineSizes(name + "_" + StringRef(parameter.name).upper(), *value,
                    entry);
    declare(function, entry);
  }

  static const EntryValue *arrayOf(const LibraryParameter &parameter,
                                   const EntryInterface &entry) {
    if (parameter.kind == LibraryParameter::Input)
      return &entry.inputs[parameter.number];
    if (parameter.kind == LibraryParameter::Output)
      return &entry.outputs[parameter.number];
    return nullptr;
  }

  void describe(const LibraryParameter &parameter,
                const EntryInterface &entry) {
    if (const EntryValue *value = arrayOf(parameter, entry))
      out << " *   " << parameter.name << ": " << shapeText(value->type)
          << (parameter.kind == LibraryParameter::Output ? ", written\n"
                                                         : "\n");
    else if (parameter.kind == LibraryParameter::Symbol)
      out << " *   " << parameter.name << ": from 0 to "
          << (entry.symbols.begin() + parameter.number)->second << "\n";
  }

  /// Bytes at the bounds, and the sizes that are constant, by axis.
  void defineSizes(const std::string &name, const EntryValue &value,
                   const EntryInterface &entry) {
    auto bound = [&](StringAttr symbol) { return entry.boundOf(symbol); };
    int64_t bytes = BufferType::get(value.type).getElementBytes();
    for (auto [axis, size] : llvm::enumerate(value.type.getShape())) {
      std::optional<SizeRange> possible = range(size, bound);
      bytes *= possible ? std::max<int64_t>(possible->high, 0) : 0;
      if (size.isConstant())
        define(name + "_SIZE_" + Twine(axis), *size.asConstant());
    }
    define(name + "_MAXIMAL_BYTES", bytes);
  }

  void declare(const LibraryFunction &function, const EntryInterface &entry) {
    out << "int32_t " << function.name << "(";
    for (auto [i, parameter] : llvm::enumerate(function.parameters)) {
      out << (i ? ", " : "");
      switch (parameter.kind) {
      case LibraryParameter::Slots:
        out << (function.keepsSlots ? "const void *" : "void *");
        break;
      case LibraryParameter::Workspace:
        out << "void *";
        break;
      case LibraryParameter::Symbol:
        out << "int64_t ";
        break;
      case LibraryParameter::Input:
        out << "const "
            << elementName(entry.inputs[parameter.number].type.getElementType())
            << " *";
        break;
      case LibraryParameter::Scalar:
        out << elementName(entry.inputs[parameter.number].type.getElementType())
            << " ";
        break;
      case LibraryParameter::Output:
        out << elementName(
                   entry.outputs[parameter.number].type.getElementType())
            << " *";
        break;
      }
      out << parameter.name;
    }
    out << ");\n";
  }

  ModuleOp module;
  StringRef prefix;
  std::string macro;
  const SlotLayout &layout;
  llvm::raw_ostream &out;
};
} // namespace

LogicalResult model::writeLibraryHeader(ModuleOp module,
                                        llvm::raw_ostream &out) {
  auto prefix = module->getAttrOfType<StringAttr>(libraryName);
  FailureOr<SlotLayout> layout = placeSlots(module);
  if (!prefix || failed(layout))
    return failure();
  std::vector<EntryInterface> entries;
  for (auto function : module.getOps<FunctionOpInterface>()) {
    if (!function->hasAttr("model.entry"))
      continue;
    FailureOr<EntryInterface> entry = readEntry(function, *layout);
    if (failed(entry))
      return failure();
    entries.push_back(std::move(*entry));
  }
  HeaderWriter(module, prefix.getValue(), *layout, out).write(entries);
  return success();
}
