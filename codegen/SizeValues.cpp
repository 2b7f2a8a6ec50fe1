//===- SizeValues.cpp - sizes as values -----------------------------------===//
//
// Integer polynomials become `arith` on `index`.
//
//===----------------------------------------------------------------------===//
#include "codegen/SizeValues.h"
#include "dialect/Size.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/AttrTypeSubElements.h"

using namespace mlir;
using namespace mlir::model;

SmallVector<StringAttr> model::symbolsIn(Operation *op) {
  llvm::SetVector<StringAttr> symbols;
  AttrTypeWalker walker;
  walker.addWalk([&](SizeAttr size) { collectSymbols(size, symbols); });
  op->walk([&](Operation *inner) {
    walker.walk(inner->getAttrDictionary());
    for (Type type : inner->getOperandTypes())
      walker.walk(type);
    for (Type type : inner->getResultTypes())
      walker.walk(type);
    for (Region &region : inner->getRegions())
      for (Block &block : region)
        for (Type type : block.getArgumentTypes())
          walker.walk(type);
  });
  SmallVector<StringAttr> sorted = symbols.takeVector();
  llvm::sort(sorted, [](StringAttr a, StringAttr b) {
    return a.getValue() < b.getValue();
  });
  return sorted;
}

/// The dictionary is sorted by name already.
SmallVector<StringAttr> model::symbolsOfEntry(Operation *entry) {
  SmallVector<StringAttr> symbols;
  if (auto declared = entry->getAttrOfType<DictionaryAttr>("model.symbols"))
    for (NamedAttribute symbol : declared)
      symbols.push_back(symbol.getName());
  return symbols;
}

/// Rounds towards negative infinity, for any signs.
static Value emitFloorDivide(OpBuilder &b, Location loc, Value dividend,
                             Value divisor) {
  Value zero = b.create<arith::ConstantIndexOp>(loc, 0);
  Value one = b.create<arith::ConstantIndexOp>(loc, 1);
  Value quotient = b.create<arith::DivSIOp>(loc, dividend, divisor);
  Value rest = b.create<arith::RemSIOp>(loc, dividend, divisor);
  Value inexact =
      b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ne, rest, zero);
  Value signs = b.create<arith::XOrIOp>(loc, rest, divisor);
  Value opposite =
      b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::slt, signs, zero);
  Value down = b.create<arith::AndIOp>(loc, inexact, opposite);
  Value lower = b.create<arith::SubIOp>(loc, quotient, one);
  return b.create<arith::SelectOp>(loc, down, lower, quotient);
}

Value SizeValues::getAtom(OpBuilder &b, Location loc, Attribute atom) const {
  if (auto symbol = dyn_cast<StringAttr>(atom)) {
    Value value = symbols.lookup(symbol);
    assert(value && "a symbol without a value");
    return value;
  }
  auto division = cast<SizeDivisionAttr>(atom);
  Value dividend = get(b, loc, cast<SizeAttr>(division.getDividend()));
  Value divisor = get(b, loc, cast<SizeAttr>(division.getDivisor()));
  Value quotient = emitFloorDivide(b, loc, dividend, divisor);
  if (!division.getRemainder())
    return quotient;
  Value whole = b.create<arith::MulIOp>(loc, quotient, divisor);
  return b.create<arith::SubIOp>(loc, dividend, whole);
}

Value SizeValues::get(OpBuilder &b, Location loc, SizeAttr size) const {
  Value sum;
  for (auto [coefficient, monomial] :
       llvm::zip(size.getCoefficients(), size.getMonomials())) {
    Value term;
    if (coefficient != 1 || monomial.empty())
      term = b.create<arith::ConstantIndexOp>(loc, coefficient);
    for (Attribute atom : monomial) {
      Value factor = getAtom(b, loc, atom);
      term = term ? b.createOrFold<arith::MulIOp>(loc, term, factor) : factor;
    }
    sum = sum ? b.createOrFold<arith::AddIOp>(loc, sum, term) : term;
  }
  return sum ? sum : b.create<arith::ConstantIndexOp>(loc, 0);
}
