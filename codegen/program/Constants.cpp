//===- Constants.cpp - structures of the boundary as constants ------------===//
//
// Layout of rows, and the globals that hold them.
//
//===----------------------------------------------------------------------===//
#include "codegen/program/Constants.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::model;

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

void RowBase::add(size_t offset, Type type, Attribute value) {
  auto place =
      llvm::lower_bound(fields, offset, [](const Field &field, size_t wanted) {
        return field.offset < wanted;
      });
  assert((place == fields.end() || place->offset != offset) &&
         "a field is set twice");
  fields.insert(place, Field{offset, type, value});
}

void RowBase::addAddress(size_t offset, FlatSymbolRefAttr symbol) {
  add(offset, LLVM::LLVMPointerType::get(builder.getContext()), symbol);
}

void RowBase::addAll(size_t offset, const RowBase &inner) {
  inner.getType(); // checks that it is complete
  for (const Field &field : inner.fields)
    add(offset + field.offset, field.type, field.value);
}

/// All that the boundary is made of is aligned to its size.
static size_t bytesOf(Type type) {
  return type.isIntOrFloat() ? type.getIntOrFloatBitWidth() / 8 : 8;
}

LLVM::LLVMStructType RowBase::getType() const {
  SmallVector<Type> types;
  size_t end = 0;
  for (const Field &field : fields) {
    size_t fieldBytes = bytesOf(field.type);
    assert(field.offset == llvm::alignTo(end, fieldBytes) &&
           "a field of the boundary is not set");
    end = field.offset + fieldBytes;
    types.push_back(field.type);
  }
  assert(llvm::alignTo(end, 8) == bytes &&
         "the last field of the boundary is not set");
  return LLVM::LLVMStructType::getLiteral(builder.getContext(), types);
}

Value RowBase::emit(OpBuilder &b, Location location) const {
  Value row = b.create<LLVM::UndefOp>(location, getType());
  for (auto [i, field] : llvm::enumerate(fields)) {
    Value value;
    if (auto symbol = dyn_cast_or_null<FlatSymbolRefAttr>(field.value))
      value = b.create<LLVM::AddressOfOp>(location, field.type, symbol);
    else if (field.value)
      value = b.create<LLVM::ConstantOp>(location, field.type, field.value);
    else
      value = b.create<LLVM::ZeroOp>(location, field.type);
    row = b.create<LLVM::InsertValueOp>(location, row, value, i);
  }
  return row;
}

//===----------------------------------------------------------------------===//
// Globals
//===----------------------------------------------------------------------===//

LLVM::GlobalOp Constants::global(StringRef name, Type type, Location location) {
  return builder.create<LLVM::GlobalOp>(location, type, /*isConstant=*/true,
                                        LLVM::Linkage::Internal, name,
                                        Attribute(), /*alignment=*/8);
}

Text Constants::text(StringRef text) {
  FlatSymbolRefAttr &symbol = texts[text];
  if (!symbol) {
    std::string ended = text.str();
    ended.push_back('\0');
    auto type = LLVM::LLVMArrayType::get(builder.getI8Type(), ended.size());
    LLVM::GlobalOp made = builder.create<LLVM::GlobalOp>(
        module.getLoc(), type, /*isConstant=*/true, LLVM::Linkage::Internal,
        "program.text." + std::to_string(texts.size() - 1),
        builder.getStringAttr(ended));
    symbol = FlatSymbolRefAttr::get(made);
  }
  return {symbol};
}

FlatSymbolRefAttr Constants::array(StringRef name, Type rowType, int64_t count,
                                   Location location,
                                   llvm::function_ref<Value(int64_t)> emitRow) {
  auto type = LLVM::LLVMArrayType::get(rowType, count);
  LLVM::GlobalOp made = global(name, type, location);
  OpBuilder::InsertionGuard guard(builder);
  builder.createBlock(&made.getInitializerRegion());
  Value all = builder.create<LLVM::UndefOp>(location, type);
  for (int64_t i = 0; i < count; ++i)
    all = builder.create<LLVM::InsertValueOp>(location, all, emitRow(i), i);
  builder.create<LLVM::ReturnOp>(location, all);
  return FlatSymbolRefAttr::get(made);
}

FlatSymbolRefAttr Constants::rowTable(StringRef name,
                                      ArrayRef<const RowBase *> rows,
                                      Location location) {
  if (rows.empty())
    return {};
  return array(name, rows.front()->getType(), rows.size(), location,
               [&](int64_t i) { return rows[i]->emit(builder, location); });
}

Table<const char *> Constants::table(StringRef name, ArrayRef<Text> rows,
                                     Location location) {
  if (rows.empty())
    return {};
  Type address = LLVM::LLVMPointerType::get(builder.getContext());
  auto emitRow = [&](int64_t i) -> Value {
    return builder.create<LLVM::AddressOfOp>(location, address, rows[i].symbol);
  };
  return {array(name, address, rows.size(), location, emitRow),
          int32_t(rows.size())};
}

void Constants::define(StringRef name, const RowBase &row, Location location) {
  LLVM::GlobalOp made = global(name, row.getType(), location);
  made.setLinkage(LLVM::Linkage::External);
  OpBuilder::InsertionGuard guard(builder);
  builder.createBlock(&made.getInitializerRegion());
  builder.create<LLVM::ReturnOp>(location, row.emit(builder, location));
}
