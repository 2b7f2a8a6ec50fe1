// SyntaxHints.cpp: what a line that is not understood was probably meant to be,
// by its words and by the place where it stops making sense.
#include "ModelParser.h"
#include "frontend/Diagnostics.h"
#include "frontend/SyntaxErrors.h"
#include "llvm/ADT/StringSwitch.h"

using namespace modelc;
using antlr4::Parser;
using antlr4::Token;
using grammar::ModelParser;
using llvm::StringRef;

namespace {
class SyntaxHint {
public:
  SyntaxHint(Diagnostic &error, const TokenPlaces &places, Parser *parser,
             Token *found, size_t rule)
      : error(error), places(places), parser(parser), found(found), rule(rule),
        type(found->getType()), before(parser->getTokenStream()->LT(-1)),
        typeBefore(before ? before->getType() : size_t(Token::EOF)) {}

  /// At most one hint is given: the first that fits.
  void add() {
    if (fromWord(before) || (rule == ModelParser::RuleFile && fromWord(found)))
      return;
    fromComment() || fromMisspelling() || inType() || inParameters() ||
        inSubscript() || inData() || inTraining() || inFile() ||
        inExpression() || inMembers() || inBody() || missingSeparator();
  }

private:
  bool fromWord(Token *word);
  bool fromComment();
  bool fromMisspelling();
  bool inType();
  bool inParameters();
  bool inSubscript();
  bool inData();
  bool inTraining();
  bool inFile();
  bool inExpression();
  bool inMembers();
  bool inBody();
  bool missingSeparator();

  template <typename... Args> bool hint(HintId id, const Args &...args) {
    error.hint(id, args...);
    return true;
  }
  /// The type of the token `ahead` of what was found.
  size_t typeAfter(ssize_t ahead = 1) const {
    return parser->getTokenStream()->LA(1 + ahead);
  }
  bool isWithin(size_t outer) const;
  Token *firstOfLine() const;
  bool beginsOperand() const {
    return (isWord(type) && !isReservedWord(type)) ||
           type == ModelParser::INTEGER || type == ModelParser::FLOAT ||
           type == ModelParser::STRING || type == ModelParser::LPAREN;
  }

  Diagnostic &error;
  const TokenPlaces &places;
  Parser *parser;
  Token *found;
  size_t rule, type;
  Token *before; // null at the beginning
  size_t typeBefore;
};
} // namespace

bool SyntaxHint::isWithin(size_t outer) const {
  for (antlr4::tree::ParseTree *at = parser->getContext(); at; at = at->parent)
    if (static_cast<antlr4::ParserRuleContext *>(at)->getRuleIndex() == outer)
      return true;
  return false;
}

Token *SyntaxHint::firstOfLine() const {
  Token *first = found;
  for (ssize_t back = -1;; --back) {
    Token *token = parser->getTokenStream()->LT(back);
    if (!token || token->getType() == ModelParser::NEWLINE ||
        token->getType() == ModelParser::LBRACE)
      return first;
    first = token;
  }
}

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

/// Words of other languages.
bool SyntaxHint::fromWord(Token *word) {
  if (!word || word->getType() != ModelParser::IDENTIFIER)
    return false;
  auto known =
      llvm::StringSwitch<std::optional<HintId>>(places.text(word))
          .Case("return", HintId::LastExpressionIsValue)
          .Case("while", HintId::NoWhile)
          .Case("lambda", HintId::NoFunctionValue)
          .Cases("self", "this", HintId::NoSelf)
          .Cases("def", "func", "function", "fun", HintId::UseFn)
          .Cases("var", "const", "val", "auto", HintId::UseLet)
          .Cases("class", "struct", "layer", "network", HintId::UseModule)
          .Default(std::nullopt);
  return known && hint(*known);
}

/// `Dense(n // 2, 1)`: what was to be a division hides the rest of the line.
bool SyntaxHint::fromComment() {
  if (!before || !isCommaList(rule) || before->getLine() >= found->getLine())
    return false;
  auto *stream =
      static_cast<antlr4::BufferedTokenStream *>(parser->getTokenStream());
  for (size_t i = before->getTokenIndex() + 1; i < found->getTokenIndex(); ++i)
    if (Token *token = stream->get(i);
        token->getType() == ModelParser::COMMENT &&
        token->getLine() == before->getLine())
      return hint(HintId::DivideIntegers);
  return false;
}

/// A slip in the word that a declaration or a member begins with.
bool SyntaxHint::fromMisspelling() {
  llvm::SmallVector<StringRef> words;
  Token *word = found;
  if (rule == ModelParser::RuleFile) {
    words = {"import", "let",   "model", "module", "optimizer", "metric",
             "data",   "hyper", "train", "custom", "transform", "fn"};
  } else if (rule == ModelParser::RuleSubmodule) {
    words = {"param", "state", "frozen", "let", "fn", "export"};
    word = before;
  }
  if (!word || word->getType() != ModelParser::IDENTIFIER)
    return false;
  std::optional<StringRef> near = nearestName(places.text(word), words);
  return near && hint(HintId::DidYouMean, *near);
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

bool SyntaxHint::inType() {
  if (rule != ModelParser::RuleType)
    return false;
  if (type == ModelParser::LBRACKET)
    return hint(HintId::SizesInBrackets);
  return type == ModelParser::COLON && hint(HintId::AnySize);
}

bool SyntaxHint::inParameters() {
  if (rule != ModelParser::RuleParameters)
    return false;
  if (type == ModelParser::LPAREN || type == ModelParser::LESS)
    return hint(HintId::SizesInBrackets);
  Token *earlier = parser->getTokenStream()->LT(-2);
  return isWord(type) && isWord(typeBefore) && earlier &&
         earlier->getType() != ModelParser::COLON &&
         hint(HintId::GiveType, places.text(before));
}

bool SyntaxHint::inSubscript() {
  bool isSlice =
      (rule == ModelParser::RuleSuffix &&
       (type == ModelParser::COLON || typeBefore == ModelParser::COLON)) ||
      (rule == ModelParser::RuleArguments && type == ModelParser::COLON);
  bool compares = type == ModelParser::LESS || type == ModelParser::GREATER ||
                  type == ModelParser::LESS_EQUAL ||
                  type == ModelParser::GREATER_EQUAL ||
                  type == ModelParser::EQUAL || type == ModelParser::NOT_EQUAL;
  if (rule == ModelParser::RuleSuffix && compares)
    return hint(HintId::NoMask);
  return isSlice && hint(HintId::SliceDots);
}

bool SyntaxHint::inData() {
  if (rule == ModelParser::RuleDataField && type == ModelParser::COLON)
    return hint(HintId::FieldWithEqual);
  if (rule == ModelParser::RuleData && type == ModelParser::LET)
    return hint(HintId::FieldWithEqual);
  if (rule == ModelParser::RuleData && type == ModelParser::ASSIGN)
    return hint(HintId::DataFromSource, "…");
  if (isWithin(ModelParser::RuleSourceCall) && type == ModelParser::STRING)
    return hint(HintId::DataFromSource, places.text(found));
  return rule == ModelParser::RuleSplitPart && type == ModelParser::ASSIGN &&
         hint(HintId::ShareInPercent);
}

bool SyntaxHint::inTraining() {
  if ((type == ModelParser::ASSIGN || type == ModelParser::COLON) &&
      isWithin(ModelParser::RuleSetting))
    return hint(HintId::SettingWithoutSign, places.text(found));
  return rule == ModelParser::RuleTrain && type == ModelParser::LBRACE &&
         hint(HintId::TrainOnData);
}

bool SyntaxHint::inFile() {
  if (isWithin(ModelParser::RuleImportDeclaration) ||
      (rule == ModelParser::RuleFile && type == ModelParser::FROM))
    return hint(HintId::NoPackages);
  if (rule == ModelParser::RuleHyper && type == ModelParser::ASSIGN)
    return hint(HintId::HyperWithType, places.text(before));
  return rule == ModelParser::RuleFile && isWord(type) &&
         typeAfter() == ModelParser::ASSIGN && hint(HintId::UseLet);
}

bool SyntaxHint::inExpression() {
  if (isCommaList(rule) && type == ModelParser::FOR)
    return hint(HintId::NoComprehension);
  if (isCommaList(rule) && type == ModelParser::ASSIGN &&
      typeAfter() == ModelParser::GREATER)
    return hint(HintId::NoFunctionValue);
  // `a if condition else b`
  if (type == ModelParser::IF && (isCommaList(rule) || isLineRule(rule)))
    return hint(HintId::ChooseByIf);
  if (type == ModelParser::ASSIGN && isBinaryOperator(typeBefore))
    return hint(HintId::NoCompoundAssignment, places.text(before));
  return false;
}

bool SyntaxHint::inMembers() {
  if (rule == ModelParser::RuleStatementLine &&
      (typeBefore == ModelParser::PARAM || typeBefore == ModelParser::STATE))
    return hint(HintId::MembersInModule);
  if (typeBefore == ModelParser::HYPER && rule != ModelParser::RuleHyper)
    return hint(HintId::HypersInFile);
  return rule == ModelParser::RuleSubmodule && type == ModelParser::ASSIGN &&
         hint(HintId::SubmoduleColon, before ? places.text(before) : "name");
}

/// A body where it should begin, and its lines.
bool SyntaxHint::inBody() {
  bool wantsBody =
      rule == ModelParser::RuleBlock || rule == ModelParser::RuleMemberBlock;
  if (rule == ModelParser::RuleStatementLine && type == ModelParser::COLON)
    return hint(typeAfter() == ModelParser::ASSIGN
                    ? HintId::UseLet
                    : HintId::SubmodulesInModule);
  if (wantsBody && type == ModelParser::ASSIGN)
    return hint(HintId::CompareWithDoubleEqual);
  if (type == ModelParser::EQUAL)
    return hint(HintId::BindWithSingleEqual);
  if (wantsBody && type == ModelParser::COLON) {
    Token *next = parser->getTokenStream()->LT(2);
    bool endsLine = next && next->getLine() > found->getLine();
    return hint(typeBefore == ModelParser::RPAREN && !endsLine
                    ? HintId::ArrowBeforeResult
                    : HintId::BodiesInBraces);
  }
  return type == ModelParser::NEWLINE &&
         parser->getExpectedTokens().contains(size_t(ModelParser::LBRACE)) &&
         hint(HintId::ContinueLine);
}

bool SyntaxHint::missingSeparator() {
  if (!beginsOperand())
    return false;
  if (isCommaList(rule))
    return hint(HintId::InsertComma, places.describe(found));
  if (!isLineRule(rule))
    return false;
  StringRef first = places.text(firstOfLine());
  if (first == "report" || first == "gradients" || first == "split")
    return hint(HintId::InsertComma, places.describe(found));
  return hint(HintId::OneStatementPerLine);
}

void modelc::addSyntaxHint(Diagnostic &error, const TokenPlaces &places,
                           Parser *parser, Token *found, size_t rule) {
  SyntaxHint(error, places, parser, found, rule).add();
}
