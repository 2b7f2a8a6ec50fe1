//===- LibraryInterface.cpp - entries as users of a library call them -----===//
//
// Of an entry `predict` of the model `Regressor`, with the wrapper
//
//   llvm.func internal @call.predict(%call: ptr) -> i32
// this makes
//   llvm.func @regressor_predict(%slots: ptr, %workspace: ptr, %N: i64,
//                                %x: ptr, %y: ptr) -> i32 {
//     // a modelc_call on the stack
//     %status = llvm.call @call.predict(%call)
//     llvm.return %status
//   }
// and, for all together,
//   llvm.func @regressor_load(%slots: ptr, %file: ptr, %bytes: i64,
//                             %message: ptr, %size: i64) -> i32
//   llvm.func @regressor_describe(%status: i32) -> ptr
// which call runtime/core.
//
//===----------------------------------------------------------------------===//
#include "codegen/program/LibraryInterface.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
extern "C" {
#include "runtime/core/abi.h"
}
#include <cstddef>

using namespace mlir;
using namespace mlir::model;

//===----------------------------------------------------------------------===//
// Names and parameters
//===----------------------------------------------------------------------===//

std::string model::libraryPrefix(StringRef modelName) {
  std::string prefix;
  for (auto [i, letter] : llvm::enumerate(modelName)) {
    bool beginsWord = llvm::isUpper(letter) && i > 0 &&
                      !llvm::isUpper(modelName[i - 1]) &&
                      modelName[i - 1] != '_';
    prefix += beginsWord ? "_" : "";
    prefix += llvm::toLower(letter);
  }
  return prefix;
}

/// Letters, digits and underscores.
static std::string identifier(StringRef name) {
  std::string result;
  for (char letter : name)
    result += llvm::isAlnum(letter) ? letter : '_';
  return result;
}

static bool isKeyword(StringRef name) {
  static const llvm::StringSet<> keywords = {
      "alignas",  "alignof",  "and",       "asm",       "auto",     "bool",
      "break",    "case",     "catch",     "char",      "class",    "const",
      "continue", "default",  "delete",    "do",        "double",   "else",
      "enum",     "explicit", "export",    "extern",    "false",    "float",
      "for",      "friend",   "goto",      "if",        "inline",   "int",
      "long",     "mutable",  "namespace", "new",       "not",      "nullptr",
      "operator", "or",       "private",   "protected", "public",   "register",
      "restrict", "return",   "short",     "signed",    "sizeof",   "static",
      "struct",   "switch",   "template",  "this",      "throw",    "true",
      "try",      "typedef",  "typename",  "union",     "unsigned", "using",
      "virtual",  "void",     "volatile",  "while",     "xor",      "compl"};
  return keywords.contains(name);
}

LibraryFunction model::describeFunction(StringRef prefix,
                                        const EntryInterface &entry) {
  LibraryFunction function;
  function.name = (prefix + "_" + identifier(entry.name.getValue())).str();
  function.keepsSlots = entry.kind == MODELC_ENTRY_FUNCTION ||
                        entry.kind == MODELC_ENTRY_PREPROCESS ||
                        entry.kind == MODELC_ENTRY_RESTORE;
  llvm::StringSet<> taken;
  auto add = [&](LibraryParameter::Kind kind, unsigned number, StringRef name) {
    std::string unique = identifier(name);
    while (isKeyword(unique) || !taken.insert(unique).second)
      unique += "_";
    function.parameters.push_back({kind, number, unique});
  };
  add(LibraryParameter::Slots, 0, "slots");
  add(LibraryParameter::Workspace, 0, "workspace");
  for (auto [i, symbol] : llvm::enumerate(entry.symbols))
    add(LibraryParameter::Symbol, i, symbol.first.getValue());
  for (auto [i, input] : llvm::enumerate(entry.inputs))
    add(input.role == MODELC_INPUT_DATA ? LibraryParameter::Input
                                        : LibraryParameter::Scalar,
        i, input.name);
  for (auto [i, output] : llvm::enumerate(entry.outputs))
    add(LibraryParameter::Output, i, output.name);
  return function;
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

namespace {
/// Emits exported functions at the end of a module.
class LibraryEmitter {
public:
  LibraryEmitter(ModuleOp module, StringRef prefix)
      : module(module), prefix(prefix), location(module.getLoc()),
        b(OpBuilder::atBlockEnd(module.getBody())),
        pointer(LLVM::LLVMPointerType::get(b.getContext())) {}

  void emit(const EntryInterface &entry, LLVM::LLVMFuncOp wrapper) {
    LibraryFunction described = describeFunction(prefix, entry);
    SmallVector<Type> types;
    for (const LibraryParameter &parameter : described.parameters)
      types.push_back(typeOf(parameter, entry));
    location = wrapper.getLoc();
    LLVM::LLVMFuncOp function = define(described.name, b.getI32Type(), types);
    Value inputs = allocate(8 * entry.inputs.size());
    Value outputs = allocate(8 * entry.outputs.size());
    Value symbols = allocate(8 * entry.symbols.size());
    Value call = allocate(sizeof(modelc_call));
    auto setField = [&](size_t offset, Value value) {
      store(value, call, offset);
    };
    setField(offsetof(modelc_call, struct_size), number(sizeof(modelc_call)));
    setField(offsetof(modelc_call, inputs), inputs);
    setField(offsetof(modelc_call, outputs), outputs);
    setField(offsetof(modelc_call, symbols), symbols);
    Value null = b.create<LLVM::ZeroOp>(location, pointer);
    setField(offsetof(modelc_call, threads), null);
    setField(offsetof(modelc_call, session), null);
    for (auto [parameter, value] :
         llvm::zip(described.parameters, function.getArguments())) {
      int64_t place = 8 * parameter.number;
      switch (parameter.kind) {
      case LibraryParameter::Slots:
        setField(offsetof(modelc_call, slots), value);
        break;
      case LibraryParameter::Workspace:
        setField(offsetof(modelc_call, workspace), value);
        break;
      case LibraryParameter::Symbol:
        store(value, symbols, place);
        break;
      case LibraryParameter::Input:
        store(value, inputs, place);
        break;
      case LibraryParameter::Scalar: {
        Value scalar = allocate(MODELC_ALIGNMENT);
        store(value, scalar, 0);
        store(scalar, inputs, place);
        break;
      }
      case LibraryParameter::Output:
        store(value, outputs, place);
        break;
      }
    }
    auto status = b.create<LLVM::CallOp>(location, wrapper, ValueRange(call));
    leave(status.getResult());
  }

  /// Reads the file that training wrote.
  void emitLoad() {
    Type size = b.getI64Type();
    SmallVector<Type> types = {pointer, pointer, size, pointer, size};
    SmallVector<Type> inner(types);
    inner.insert(inner.begin(), pointer);
    LLVM::LLVMFuncOp load = declare("modelcLoadWeights", b.getI32Type(), inner);
    LLVM::LLVMFuncOp function = define("load", b.getI32Type(), types, true);
    SmallVector<Value> arguments = {b.create<LLVM::AddressOfOp>(
        location, pointer, "modelc_program_descriptor")};
    llvm::append_range(arguments, function.getArguments());
    leave(b.create<LLVM::CallOp>(location, load, arguments).getResult());
  }

  /// Says in words what a status means.
  void emitDescribe() {
    LLVM::LLVMFuncOp describe =
        declare("modelcDescribeStatus", pointer, {b.getI32Type()});
    LLVM::LLVMFuncOp function =
        define("describe", pointer, {b.getI32Type()}, true);
    leave(b.create<LLVM::CallOp>(location, describe, function.getArguments())
              .getResult());
  }

private:
  Type typeOf(const LibraryParameter &parameter, const EntryInterface &entry) {
    if (parameter.kind == LibraryParameter::Symbol)
      return b.getI64Type();
    if (parameter.kind == LibraryParameter::Scalar)
      return entry.inputs[parameter.number].type.getElementType();
    return pointer;
  }

  LLVM::LLVMFuncOp declare(StringRef name, Type result, ArrayRef<Type> types) {
    b.setInsertionPointToEnd(module.getBody());
    return b.create<LLVM::LLVMFuncOp>(
        location, name, LLVM::LLVMFunctionType::get(result, types));
  }
  LLVM::LLVMFuncOp define(StringRef name, Type result, ArrayRef<Type> types,
                          bool needsPrefix = false) {
    LLVM::LLVMFuncOp function = declare(
        needsPrefix ? (prefix + "_" + name).str() : name.str(), result, types);
    b.setInsertionPointToStart(function.addEntryBlock(b));
    return function;
  }
  void leave(Value result) { b.create<LLVM::ReturnOp>(location, result); }

  Value number(int64_t value) {
    return b.create<LLVM::ConstantOp>(location, b.getI64Type(),
                                      b.getI64IntegerAttr(value));
  }
  /// Memory of this call, as aligned as all that crosses the boundary.
  Value allocate(int64_t bytes) {
    return b.create<LLVM::AllocaOp>(location, pointer, b.getI8Type(),
                                    number(std::max<int64_t>(bytes, 1)),
                                    MODELC_ALIGNMENT);
  }
  void store(Value value, Value base, int64_t offset) {
    Value place = base;
    if (offset)
      place = b.create<LLVM::GEPOp>(location, pointer, b.getI8Type(), base,
                                    ValueRange{number(offset)});
    b.create<LLVM::StoreOp>(location, value, place);
  }

  ModuleOp module;
  StringRef prefix;
  Location location;
  OpBuilder b;
  Type pointer;
};
} // namespace

LogicalResult model::emitLibraryFunctions(ModuleOp module,
                                          ArrayRef<ProgramEntry> entries) {
  auto prefix = module->getAttrOfType<StringAttr>(libraryName);
  if (!prefix)
    return success();
  LibraryEmitter emitter(module, prefix.getValue());
  llvm::StringSet<> names;
  for (StringRef own : {"_load", "_describe"})
    names.insert((prefix.getValue() + own).str());
  for (const auto &[interface, wrapper, resolve] : entries) {
    std::string name = describeFunction(prefix.getValue(), interface).name;
    if (!names.insert(name).second)
      return emitError(interface.function.getLoc())
             << "a library has two functions `" << name << "`; `"
             << interface.name.getValue() << "` needs another name";
    emitter.emit(interface, wrapper);
  }
  emitter.emitLoad();
  emitter.emitDescribe();
  // Programs have one descriptor, libraries as many as are linked.
  if (auto descriptor =
          module.lookupSymbol<LLVM::GlobalOp>("modelc_program_descriptor"))
    descriptor.setLinkage(LLVM::Linkage::Internal);
  return success();
}
