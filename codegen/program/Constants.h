//===- Constants.h - structures of the boundary as constants ----*- C++ -*-===//
//
// Rows and tables of the structures that runtime/core/abi.h declares, as
// constants of the LLVM dialect. The C++ types of abi.h say which field takes
// what and where it lies; a field that is forgotten is an assertion.
//
//   Row<modelc_symbol> row(context);
//   row.set(&modelc_symbol::name, constants.text("N"));
//   row.set(&modelc_symbol::bound, 32);
//   Table<modelc_symbol> symbols = constants.table("symbols", {row}, location);
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_CODEGEN_PROGRAM_CONSTANTS_H
#define MODEL_CODEGEN_PROGRAM_CONSTANTS_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringMap.h"
#include <type_traits>
#include <vector>
extern "C" {
#include "runtime/core/abi.h"
}

namespace mlir::model {

/// The address of a string; null by default.
struct Text {
  FlatSymbolRefAttr symbol;
};
/// The address of rows of the structure `T`; null by default.
template <typename T> struct Table {
  FlatSymbolRefAttr symbol;
  int32_t count = 0;
};

/// A value of a structure, whichever it is.
class RowBase {
public:
  /// Laid out as C does it. Every field must have been set.
  LLVM::LLVMStructType getType() const;
  Value emit(OpBuilder &builder, Location location) const;

protected:
  RowBase(MLIRContext *context, size_t bytes)
      : builder(context), bytes(bytes) {}

  /// A number, an address, or null for a null address.
  struct Field {
    size_t offset;
    Type type;
    Attribute value;
  };
  void add(size_t offset, Type type, Attribute value);
  void addAddress(size_t offset, FlatSymbolRefAttr symbol);
  /// Fields of a structure within this one.
  void addAll(size_t offset, const RowBase &inner);

  Builder builder;

private:
  size_t bytes;
  /// Sorted by offset.
  std::vector<Field> fields;
};

/// A value of the structure `T`.
template <typename T> class Row : public RowBase {
public:
  explicit Row(MLIRContext *context) : RowBase(context, sizeof(T)) {}

  template <typename F>
  void set(F T::*field, std::enable_if_t<std::is_integral_v<F>, F> value) {
    Type type = builder.getIntegerType(8 * sizeof(F));
    add(offsetOf(field), type, builder.getIntegerAttr(type, value));
  }
  void set(double T::*field, double value) {
    add(offsetOf(field), builder.getF64Type(), builder.getF64FloatAttr(value));
  }
  void set(const char *T::*field, Text text) {
    addAddress(offsetOf(field), text.symbol);
  }
  template <typename F> void set(const F *T::*field, Table<F> table) {
    addAddress(offsetOf(field), table.symbol);
  }
  template <typename F> void set(F T::*field, const Row<F> &row) {
    addAll(offsetOf(field), row);
  }
  /// A null `function` is a null pointer.
  template <typename R, typename... A>
  void set(R (*T::*field)(A...), FlatSymbolRefAttr function) {
    addAddress(offsetOf(field), function);
  }

private:
  template <typename F> static size_t offsetOf(F T::*field) {
    static const T object{};
    return reinterpret_cast<const char *>(&(object.*field)) -
           reinterpret_cast<const char *>(&object);
  }
};

/// Adds constants to a module, as globals that nobody else sees.
class Constants {
public:
  /// Inserts at the end of `module`; strings get the location of the module.
  explicit Constants(ModuleOp module)
      : builder(OpBuilder::atBlockEnd(module.getBody())), module(module) {}

  /// Equal strings are one.
  Text text(StringRef text);
  /// No rows are a null address.
  template <typename T>
  Table<T> table(StringRef name, ArrayRef<Row<T>> rows, Location location) {
    SmallVector<const RowBase *> pointers;
    for (const Row<T> &row : rows)
      pointers.push_back(&row);
    return {rowTable(name, pointers, location), int32_t(rows.size())};
  }
  Table<const char *> table(StringRef name, ArrayRef<Text> texts,
                            Location location);
  /// A global that the linker sees.
  void define(StringRef name, const RowBase &row, Location location);

private:
  FlatSymbolRefAttr rowTable(StringRef name, ArrayRef<const RowBase *> rows,
                             Location location);
  FlatSymbolRefAttr array(StringRef name, Type rowType, int64_t count,
                          Location location,
                          llvm::function_ref<Value(int64_t)> emitRow);
  LLVM::GlobalOp global(StringRef name, Type type, Location location);

  OpBuilder builder;
  ModuleOp module;
  llvm::StringMap<FlatSymbolRefAttr> texts;
};

} // namespace mlir::model

#endif
