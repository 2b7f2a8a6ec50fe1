//===- Size.cpp - arithmetic on symbolic sizes ----------------------------===//
//
// Polynomials over symbols: canonical form, arithmetic, text, substitution and
// ranges.
//
//===----------------------------------------------------------------------===//
#include "dialect/Size.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <map>

namespace mlir::model {

//===----------------------------------------------------------------------===//
// Canonical form
//===----------------------------------------------------------------------===//

static std::string atomText(Attribute atom);

/// Monomials in printing order: by degree, highest first, then by text.
struct MonomialOrder {
  static std::string text(ArrayAttr monomial) {
    std::string result;
    for (Attribute atom : monomial)
      result += atomText(atom) + "*";
    return result;
  }
  bool operator()(ArrayAttr lhs, ArrayAttr rhs) const {
    if (lhs == rhs)
      return false;
    if (lhs.size() != rhs.size())
      return lhs.size() > rhs.size();
    return text(lhs) < text(rhs);
  }
};

/// Terms under construction: coefficients by monomial.
using Terms = std::map<ArrayAttr, int64_t, MonomialOrder>;

static SizeAttr fromTerms(MLIRContext *context, const Terms &terms) {
  SmallVector<int64_t> coefficients;
  SmallVector<ArrayAttr> monomials;
  for (auto [monomial, coefficient] : terms) {
    if (coefficient == 0)
      continue;
    coefficients.push_back(coefficient);
    monomials.push_back(monomial);
  }
  return SizeAttr::get(context, coefficients, monomials);
}

static bool addTerm(Terms &terms, ArrayAttr monomial, int64_t coefficient) {
  int64_t &sum = terms[monomial];
  return !llvm::AddOverflow(sum, coefficient, sum);
}

static bool addScaled(Terms &terms, SizeAttr size, int64_t factor) {
  for (auto [coefficient, monomial] :
       llvm::zip(size.getCoefficients(), size.getMonomials())) {
    int64_t scaled;
    if (llvm::MulOverflow(coefficient, factor, scaled) ||
        !addTerm(terms, monomial, scaled))
      return false;
  }
  return true;
}

SizeAttr SizeAttr::getConstant(MLIRContext *context, int64_t value) {
  if (value == 0)
    return get(context, {}, {});
  return get(context, {value}, {ArrayAttr::get(context, {})});
}

static SizeAttr fromAtom(Attribute atom) {
  MLIRContext *context = atom.getContext();
  return SizeAttr::get(context, {1}, {ArrayAttr::get(context, {atom})});
}

SizeAttr SizeAttr::getSymbol(MLIRContext *context, StringRef name) {
  return fromAtom(StringAttr::get(context, name));
}

std::optional<int64_t> SizeAttr::asConstant() const {
  if (getMonomials().empty())
    return 0;
  if (getMonomials().size() == 1 && getMonomials()[0].empty())
    return getCoefficients()[0];
  return std::nullopt;
}

StringAttr SizeAttr::asSymbol() const {
  if (getMonomials().size() != 1 || getCoefficients()[0] != 1 ||
      getMonomials()[0].size() != 1)
    return nullptr;
  return llvm::dyn_cast<StringAttr>(getMonomials()[0][0]);
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

static SizeAttr addMultiple(SizeAttr lhs, SizeAttr rhs, int64_t factor) {
  if (!lhs || !rhs)
    return nullptr;
  Terms terms;
  if (!addScaled(terms, lhs, 1) || !addScaled(terms, rhs, factor))
    return nullptr;
  return fromTerms(lhs.getContext(), terms);
}

SizeAttr add(SizeAttr lhs, SizeAttr rhs) { return addMultiple(lhs, rhs, 1); }
SizeAttr subtract(SizeAttr lhs, SizeAttr rhs) {
  return addMultiple(lhs, rhs, -1);
}

static ArrayAttr joinMonomials(ArrayAttr lhs, ArrayAttr rhs) {
  SmallVector<Attribute> atoms(lhs.begin(), lhs.end());
  atoms.append(rhs.begin(), rhs.end());
  llvm::sort(atoms, [](Attribute a, Attribute b) {
    return atomText(a) < atomText(b);
  });
  return ArrayAttr::get(lhs.getContext(), atoms);
}

SizeAttr multiply(SizeAttr lhs, SizeAttr rhs) {
  if (!lhs || !rhs)
    return nullptr;
  Terms terms;
  for (auto [a, left] : llvm::zip(lhs.getCoefficients(), lhs.getMonomials()))
    for (auto [b, right] :
         llvm::zip(rhs.getCoefficients(), rhs.getMonomials())) {
      int64_t coefficient;
      if (llvm::MulOverflow(a, b, coefficient) ||
          !addTerm(terms, joinMonomials(left, right), coefficient))
        return nullptr;
    }
  return fromTerms(lhs.getContext(), terms);
}

/// `size / divisor` where every coefficient divides by a constant divisor, or
/// where a single term divisor divides every term; else null.
static SizeAttr divideExactly(SizeAttr size, SizeAttr divisor) {
  if (divisor.getMonomials().size() != 1)
    return nullptr;
  int64_t factor = divisor.getCoefficients()[0];
  Terms terms;
  for (auto [coefficient, monomial] :
       llvm::zip(size.getCoefficients(), size.getMonomials())) {
    SmallVector<Attribute> atoms(monomial.begin(), monomial.end());
    for (Attribute atom : divisor.getMonomials()[0]) {
      auto *found = llvm::find(atoms, atom);
      if (found == atoms.end())
        return nullptr;
      atoms.erase(found);
    }
    if ((factor == -1 && coefficient == INT64_MIN) || coefficient % factor != 0)
      return nullptr;
    if (!addTerm(terms, ArrayAttr::get(size.getContext(), atoms),
                 coefficient / factor))
      return nullptr;
  }
  return fromTerms(size.getContext(), terms);
}

SizeAttr floorDivide(SizeAttr dividend, SizeAttr divisor) {
  if (!dividend || !divisor || divisor.isConstant(0))
    return nullptr;
  if (dividend == divisor)
    return SizeAttr::getConstant(dividend.getContext(), 1);
  if (SizeAttr exact = divideExactly(dividend, divisor))
    return exact;
  auto a = dividend.asConstant(), b = divisor.asConstant();
  if (a && b) // divideExactly has dealt with the one overflow, INT64_MIN / -1,
              // by refusing it
    return (*a == INT64_MIN && *b == -1)
               ? nullptr
               : SizeAttr::getConstant(dividend.getContext(),
                                       llvm::divideFloorSigned(*a, *b));
  return fromAtom(
      SizeDivisionAttr::get(dividend.getContext(), dividend, divisor, false));
}

SizeAttr ceilDivide(SizeAttr dividend, SizeAttr divisor) {
  if (!dividend || !divisor)
    return nullptr;
  MLIRContext *context = dividend.getContext();
  SizeAttr minusOne = SizeAttr::getConstant(context, -1);
  return multiply(floorDivide(multiply(dividend, minusOne), divisor), minusOne);
}

SizeAttr remainder(SizeAttr dividend, SizeAttr divisor) {
  SizeAttr quotient = floorDivide(dividend, divisor);
  if (!quotient)
    return nullptr;
  auto isDivision = [](Attribute atom) { return isa<SizeDivisionAttr>(atom); };
  bool exact = llvm::none_of(quotient.getMonomials(), [&](ArrayAttr monomial) {
    return llvm::any_of(monomial, isDivision);
  });
  if (exact)
    return subtract(dividend, multiply(quotient, divisor));
  return fromAtom(
      SizeDivisionAttr::get(dividend.getContext(), dividend, divisor, true));
}

SizeAttr product(MLIRContext *context, ArrayRef<SizeAttr> sizes) {
  SizeAttr result = SizeAttr::getConstant(context, 1);
  for (SizeAttr size : sizes)
    result = multiply(result, size);
  return result;
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

/// Whether MLIR's lexer reads `name` as a plain identifier. All its keywords
/// and types are in lower case, and so is the separator `x`: names that start
/// in lower case are quoted.
static bool isPlainSymbol(StringRef name) {
  return !name.empty() && (llvm::isUpper(name[0]) || name[0] == '_') &&
         llvm::all_of(name,
                      [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

static void printAtom(Attribute atom, llvm::raw_ostream &os) {
  if (auto symbol = dyn_cast<StringAttr>(atom)) {
    if (isPlainSymbol(symbol.getValue())) {
      os << symbol.getValue();
    } else {
      os << '"';
      llvm::printEscapedString(symbol.getValue(), os);
      os << '"';
    }
    return;
  }
  auto division = cast<SizeDivisionAttr>(atom);
  os << "((";
  cast<SizeAttr>(division.getDividend()).printExpression(os);
  os << (division.getRemainder() ? ") mod (" : ") floordiv (");
  cast<SizeAttr>(division.getDivisor()).printExpression(os);
  os << "))";
}

static std::string atomText(Attribute atom) {
  std::string text;
  llvm::raw_string_ostream os(text);
  printAtom(atom, os);
  return text;
}

void SizeAttr::printExpression(llvm::raw_ostream &os) const {
  if (getMonomials().empty())
    os << '0';
  llvm::interleave(
      llvm::zip(getCoefficients(), getMonomials()),
      [&](auto term) {
        auto [coefficient, monomial] = term;
        if (monomial.empty() || coefficient != 1)
          os << coefficient << (monomial.empty() ? "" : " * ");
        llvm::interleave(
            monomial, [&](Attribute atom) { printAtom(atom, os); },
            [&] { os << " * "; });
      },
      [&] { os << " + "; });
}

std::string SizeAttr::str() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  printExpression(os);
  return text;
}

static SizeAttr parseSum(AsmParser &parser);

/// atom := integer | symbol | string | `(` sum (`)` (`floordiv`|`mod`) `(`
/// sum)? `)`
static SizeAttr parseAtom(AsmParser &parser) {
  MLIRContext *context = parser.getContext();
  int64_t value;
  OptionalParseResult integer = parser.parseOptionalInteger(value);
  if (integer.has_value())
    return failed(*integer) ? nullptr : SizeAttr::getConstant(context, value);
  std::string text;
  if (succeeded(parser.parseOptionalString(&text)))
    return SizeAttr::getSymbol(context, text);
  StringRef name;
  if (succeeded(parser.parseOptionalKeyword(&name)))
    return SizeAttr::getSymbol(context, name);
  if (failed(parser.parseOptionalLParen())) {
    parser.emitError(parser.getCurrentLocation(), "expected a size");
    return nullptr;
  }
  SizeAttr size = parseSum(parser);
  if (!size || failed(parser.parseRParen()))
    return nullptr;
  bool isQuotient = succeeded(parser.parseOptionalKeyword("floordiv"));
  if (!isQuotient && failed(parser.parseOptionalKeyword("mod")))
    return size;
  SizeAttr divisor;
  if (failed(parser.parseLParen()) || !(divisor = parseSum(parser)) ||
      failed(parser.parseRParen()))
    return nullptr;
  return isQuotient ? floorDivide(size, divisor) : remainder(size, divisor);
}

static SizeAttr parseSum(AsmParser &parser) {
  auto parseProduct = [&]() -> SizeAttr {
    SizeAttr result = parseAtom(parser);
    while (result && succeeded(parser.parseOptionalStar())) {
      SizeAttr factor = parseAtom(parser);
      result = factor ? multiply(result, factor) : nullptr;
    }
    return result;
  };
  SizeAttr result = parseProduct();
  while (result && succeeded(parser.parseOptionalPlus())) {
    SizeAttr term = parseProduct();
    result = term ? add(result, term) : nullptr;
  }
  return result;
}

SizeAttr SizeAttr::parseExpression(AsmParser &parser) {
  SMLoc start = parser.getCurrentLocation();
  SizeAttr size = parseSum(parser);
  if (!size)
    parser.emitError(start, "size is malformed or overflows 64 bits");
  return size;
}

Attribute SizeAttr::parse(AsmParser &parser, Type) {
  if (failed(parser.parseLess()))
    return nullptr;
  SizeAttr size = parseExpression(parser);
  return size && succeeded(parser.parseGreater()) ? size : nullptr;
}

void SizeAttr::print(AsmPrinter &printer) const {
  printer << '<';
  printExpression(printer.getStream());
  printer << '>';
}

//===----------------------------------------------------------------------===//
// Substitution, symbols, ranges
//===----------------------------------------------------------------------===//

/// Rebuilds `size` from `leaf(symbol)`, with the arithmetic of this file.
static SizeAttr rebuild(SizeAttr size,
                        llvm::function_ref<SizeAttr(StringAttr)> leaf) {
  SizeAttr result = SizeAttr::getConstant(size.getContext(), 0);
  for (auto [coefficient, monomial] :
       llvm::zip(size.getCoefficients(), size.getMonomials())) {
    SizeAttr term = SizeAttr::getConstant(size.getContext(), coefficient);
    for (Attribute atom : monomial) {
      if (auto symbol = dyn_cast<StringAttr>(atom)) {
        term = multiply(term, leaf(symbol));
        continue;
      }
      auto division = cast<SizeDivisionAttr>(atom);
      SizeAttr dividend = rebuild(cast<SizeAttr>(division.getDividend()), leaf);
      SizeAttr divisor = rebuild(cast<SizeAttr>(division.getDivisor()), leaf);
      term = multiply(term, division.getRemainder()
                                ? remainder(dividend, divisor)
                                : floorDivide(dividend, divisor));
    }
    result = add(result, term);
  }
  return result;
}

SizeAttr substitute(SizeAttr size, const SizeSubstitution &map) {
  return rebuild(size, [&](StringAttr symbol) {
    SizeAttr replacement = map.lookup(symbol);
    return replacement ? replacement : fromAtom(symbol);
  });
}

/// Replaces sizes in types and attributes, and keeps the first one that has no
/// value.
class SizeReplacer {
public:
  explicit SizeReplacer(const SizeSubstitution &map) : map(map) {
    replacer.addReplacement([this](SizeAttr size) {
      return std::make_pair(Attribute(replaceSize(size, /*isShape=*/false)),
                            WalkResult::skip());
    });
    replacer.addReplacement([this](ArrayType type) {
      SmallVector<SizeAttr> shape;
      for (SizeAttr size : type.getShape())
        shape.push_back(replaceSize(size, /*isShape=*/true));
      return std::make_pair(Type(type.withShape(shape)), WalkResult::skip());
    });
  }
  SizeReplacer(const SizeReplacer &) = delete;

  AttrTypeReplacer &get() { return replacer; }
  SizeAttr getRefused() const { return refused; }

private:
  SizeAttr replaceSize(SizeAttr size, bool isShape) {
    SizeAttr result = substitute(size, map);
    if (result && !(isShape && result.asConstant().value_or(0) < 0))
      return result;
    if (!refused)
      refused = size;
    return size;
  }

  const SizeSubstitution &map;
  AttrTypeReplacer replacer;
  SizeAttr refused;
};

static LogicalResult emitRefusal(Operation *op, SizeAttr size,
                                 const SizeSubstitution &map) {
  llvm::SetVector<StringAttr> symbols;
  collectSymbols(size, symbols);
  InFlightDiagnostic error = emitError(op->getLoc())
                             << "size `" << size.str()
                             << "` is negative or too large";
  StringRef separator = " where ";
  for (StringAttr symbol : symbols)
    if (SizeAttr value = map.lookup(symbol)) {
      error << separator << "`" << symbol.getValue() << "` is `" << value.str()
            << "`";
      separator = " and ";
    }
  return error;
}

LogicalResult substituteIn(Operation *op, const SizeSubstitution &map) {
  if (map.empty())
    return success();
  SizeReplacer replacer(map);
  WalkResult result = op->walk([&](Operation *nested) {
    replacer.get().replaceElementsIn(nested, /*replaceAttrs=*/true,
                                     /*replaceLocs=*/false,
                                     /*replaceTypes=*/true);
    if (!replacer.getRefused())
      return WalkResult::advance();
    (void)emitRefusal(nested, replacer.getRefused(), map);
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

Type substitute(Type type, const SizeSubstitution &map) {
  SizeReplacer replacer(map);
  Type result = replacer.get().replace(type);
  return replacer.getRefused() ? Type() : result;
}

void collectSymbols(SizeAttr size, llvm::SetVector<StringAttr> &symbols) {
  for (ArrayAttr monomial : size.getMonomials())
    for (Attribute atom : monomial) {
      if (auto symbol = dyn_cast<StringAttr>(atom)) {
        symbols.insert(symbol);
        continue;
      }
      auto division = cast<SizeDivisionAttr>(atom);
      collectSymbols(cast<SizeAttr>(division.getDividend()), symbols);
      collectSymbols(cast<SizeAttr>(division.getDivisor()), symbols);
    }
}

void collectSymbols(Type type, llvm::SetVector<StringAttr> &symbols) {
  if (auto array = dyn_cast<ArrayType>(type))
    for (SizeAttr size : array.getShape())
      collectSymbols(size, symbols);
}

std::optional<int64_t>
evaluate(SizeAttr size,
         llvm::function_ref<std::optional<int64_t>(StringAttr)> value) {
  SizeAttr result = rebuild(size, [&](StringAttr symbol) -> SizeAttr {
    std::optional<int64_t> known = value(symbol);
    return known ? SizeAttr::getConstant(size.getContext(), *known) : nullptr;
  });
  return result ? result.asConstant() : std::nullopt;
}

/// The products of the corners of two ranges; nothing on overflow.
static std::optional<SizeRange> multiplyRanges(SizeRange a, SizeRange b) {
  SizeRange result{INT64_MAX, INT64_MIN};
  for (int64_t x : {a.low, a.high})
    for (int64_t y : {b.low, b.high}) {
      int64_t corner;
      if (llvm::MulOverflow(x, y, corner))
        return std::nullopt;
      result.low = std::min(result.low, corner);
      result.high = std::max(result.high, corner);
    }
  return result;
}

using BoundFunction = llvm::function_ref<std::optional<int64_t>(StringAttr)>;

static std::optional<SizeRange>
divisionRange(SizeDivisionAttr division, BoundFunction bound, int64_t low) {
  auto dividend = range(cast<SizeAttr>(division.getDividend()), bound, low);
  auto divisor = range(cast<SizeAttr>(division.getDivisor()), bound, low);
  if (!dividend || !divisor || divisor->low <= 0)
    return std::nullopt;
  if (division.getRemainder())
    return SizeRange{0, divisor->high - 1};
  return SizeRange{
      std::min(llvm::divideFloorSigned(dividend->low, divisor->low),
               llvm::divideFloorSigned(dividend->low, divisor->high)),
      std::max(llvm::divideFloorSigned(dividend->high, divisor->low),
               llvm::divideFloorSigned(dividend->high, divisor->high))};
}

std::optional<SizeRange> range(SizeAttr size, BoundFunction bound,
                               int64_t low) {
  SizeRange sum{0, 0};
  for (auto [coefficient, monomial] :
       llvm::zip(size.getCoefficients(), size.getMonomials())) {
    std::optional<SizeRange> term = SizeRange{coefficient, coefficient};
    for (Attribute atom : monomial) {
      std::optional<SizeRange> factor;
      if (auto symbol = dyn_cast<StringAttr>(atom)) {
        if (std::optional<int64_t> high = bound(symbol))
          factor = SizeRange{std::min(low, *high), *high};
      } else {
        factor = divisionRange(cast<SizeDivisionAttr>(atom), bound, low);
      }
      if (!factor || !(term = multiplyRanges(*term, *factor)))
        return std::nullopt;
    }
    if (llvm::AddOverflow(sum.low, term->low, sum.low) ||
        llvm::AddOverflow(sum.high, term->high, sum.high))
      return std::nullopt;
  }
  return sum;
}

} // namespace mlir::model
