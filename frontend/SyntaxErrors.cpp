// SyntaxErrors.cpp: what the parser says about a mistake, and where it goes on
// after it.
#include "frontend/SyntaxErrors.h"
#include "ModelParser.h"
#include "frontend/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"

using namespace modelc;
using antlr4::Parser;
using antlr4::RecognitionException;
using antlr4::Token;
using grammar::ModelParser;
using llvm::StringRef;

SyntaxErrors::SyntaxErrors(const TokenPlaces &places,
                           DiagnosticEngine &diagnostics)
    : places(places), diagnostics(diagnostics) {
  for (const Diagnostic &error : diagnostics.all())
    if (error.range.file == places.part().file)
      reportedLines.insert(error.range.start().line);
}

//===----------------------------------------------------------------------===//
// Recovery, by lines
//===----------------------------------------------------------------------===//

bool modelc::isLineRule(size_t rule) {
  switch (rule) {
  case ModelParser::RuleDeclarationLine:
  case ModelParser::RuleMemberLine:
  case ModelParser::RuleStatementLine:
  case ModelParser::RuleDataLine:
  case ModelParser::RuleTrainLine:
    return true;
  default:
    return false;
  }
}

bool modelc::isReservedWord(size_t type) {
  return type >= ModelParser::FN && type <= ModelParser::EXPORT;
}

bool modelc::isWord(size_t type) {
  return (type >= ModelParser::FN && type <= ModelParser::STEP) ||
         type == ModelParser::IDENTIFIER;
}

/// Leaves the parser at the NEWLINE that ends the line, after bodies that begin
/// on it.
void SyntaxErrors::skipLine(Parser *parser) const {
  unsigned depth = 0;
  for (;; parser->consume()) {
    size_t type = parser->getInputStream()->LA(1);
    if (type == Token::EOF)
      return;
    if (depth == 0 &&
        (type == ModelParser::NEWLINE || type == ModelParser::RBRACE))
      return;
    depth += type == ModelParser::LBRACE;
    depth -= type == ModelParser::RBRACE;
  }
}

/// At the beginning of each line of a body or file: a line that cannot begin so
/// is reported and skipped here, because the rule of the body would otherwise
/// end.
void SyntaxErrors::sync(Parser *parser) {
  const antlr4::atn::ATNState *state =
      parser->getInterpreter<antlr4::atn::ATNSimulator>()
          ->atn.states[parser->getState()];
  const antlr4::misc::IntervalSet follow =
      parser->getATN().nextTokens(const_cast<antlr4::atn::ATNState *>(state));
  bool isBody = parser->getContext()->getRuleIndex() == ModelParser::RuleFile ||
                follow.contains(size_t(ModelParser::RBRACE));
  size_t rule = parser->getContext()->getRuleIndex();
  isBody &= rule == ModelParser::RuleFile || rule == ModelParser::RuleModule ||
            rule == ModelParser::RuleMemberBlock ||
            rule == ModelParser::RuleBlock || rule == ModelParser::RuleData ||
            rule == ModelParser::RuleTrain;
  if (!isBody || inErrorRecoveryMode(parser))
    return;
  for (bool isFirst = true;; isFirst = false) {
    Token *found = parser->getCurrentToken();
    if (found->getType() == Token::EOF || follow.contains(found->getType()))
      return;
    // What is indented below a line that is not understood belongs to it, and
    // so does a `}` that a file is left with: brackets are balanced.
    if (rule == ModelParser::RuleFile &&
        found->getType() == ModelParser::RBRACE)
      parser->consume();
    else if (isFirst || rule != ModelParser::RuleFile ||
             found->getCharPositionInLine() == 0)
      report(parser, found, found, rule);
    skipLine(parser);
    if (parser->getInputStream()->LA(1) == ModelParser::NEWLINE)
      parser->consume();
  }
}

void SyntaxErrors::recover(Parser *parser, std::exception_ptr) {
  skipLine(parser);
  if (isLineRule(parser->getContext()->getRuleIndex()) &&
      parser->getInputStream()->LA(1) == ModelParser::NEWLINE) {
    parser->consume();
    endErrorCondition(parser);
  }
}

Token *SyntaxErrors::recoverInline(Parser *parser) {
  throw antlr4::InputMismatchException(parser);
}

void SyntaxErrors::reportError(Parser *parser, const RecognitionException &e) {
  if (inErrorRecoveryMode(parser))
    return;
  beginErrorCondition(parser);
  Token *found = e.getOffendingToken();
  Token *first = found;
  if (auto *noViable = dynamic_cast<const antlr4::NoViableAltException *>(&e))
    first = noViable->getStartToken();
  report(parser, found, first, parser->getContext()->getRuleIndex());
}

//===----------------------------------------------------------------------===//
// What was wanted
//===----------------------------------------------------------------------===//

/// What a rule is called where it was expected to begin; empty if its tokens
/// say it better.
static StringRef phrase(size_t rule) {
  switch (rule) {
  case ModelParser::RuleFile:
  case ModelParser::RuleDeclaration:
    return "a declaration, such as `model`, `module`, `fn`, `data` or `train`";
  case ModelParser::RuleModule:
  case ModelParser::RuleMemberBlock:
  case ModelParser::RuleMember:
    return "a member, such as `name: Module(…)`, `param`, `state` or `fn`";
  case ModelParser::RuleBlock:
  case ModelParser::RuleStatement:
    return "a statement";
  case ModelParser::RuleData:
    return "a field such as `x = columns(0..3)`, or `split`";
  case ModelParser::RuleTrain:
    return "a line of a training plan, such as `minimize`, `optimizer` or "
           "`epochs`";
  case ModelParser::RuleExpression:
  case ModelParser::RuleDisjunction:
  case ModelParser::RuleConjunction:
  case ModelParser::RuleNegation:
  case ModelParser::RuleComparison:
  case ModelParser::RuleRange:
  case ModelParser::RuleSum:
  case ModelParser::RuleProduct:
  case ModelParser::RuleNegated:
  case ModelParser::RulePower:
  case ModelParser::RuleExponent:
  case ModelParser::RulePostfix:
  case ModelParser::RulePrimary:
  case ModelParser::RuleArgument:
  case ModelParser::RuleExpressionOrRebind:
    return "an expression";
  case ModelParser::RuleSubscript:
    return "an index or a slice";
  case ModelParser::RuleDimension:
    return "a size";
  case ModelParser::RuleType:
    return "a type";
  case ModelParser::RuleName:
  case ModelParser::RuleSettingName:
    return "a name";
  case ModelParser::RulePattern:
    return "a name or `(a, b)`";
  case ModelParser::RuleSplitPart:
    return "a share such as `80%`, or `from`";
  case ModelParser::RuleHyperSpace:
    return "`log(…)`, `range(…)` or `{…}`";
  default:
    return {};
  }
}

bool modelc::isCommaList(size_t rule) {
  switch (rule) {
  case ModelParser::RuleArguments:
  case ModelParser::RuleParameters:
  case ModelParser::RuleSuffix:
  case ModelParser::RulePrimary:
  case ModelParser::RuleType:
  case ModelParser::RulePattern:
    return true;
  default:
    return false;
  }
}

/// Joins "a", "b", "c" to "a, b or c".
static std::string alternatives(llvm::ArrayRef<std::string> words) {
  std::string text;
  for (size_t i = 0; i != words.size(); ++i) {
    if (i != 0)
      text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

/// What an element of a list is called.
static StringRef elementPhrase(size_t rule) {
  switch (rule) {
  case ModelParser::RuleParameters:
    return "a parameter such as `x: float[N, 3]`";
  case ModelParser::RuleType:
    return "a size";
  case ModelParser::RulePattern:
    return "a name";
  default:
    return "an expression";
  }
}

/// A token as it is written, or what kind it is.
static std::string tokenPhrase(Parser *parser, size_t type) {
  switch (type) {
  case ModelParser::NEWLINE:
    return "the end of the line";
  case ModelParser::STRING:
    return "a string";
  case ModelParser::PERCENT:
    return "a share such as `80%`";
  default:
    std::string literal = parser->getVocabulary().getLiteralName(type);
    return "`" + StringRef(literal).trim('\'').str() + "`";
  }
}

std::string SyntaxErrors::expected(Parser *parser, Token *found, Token *first,
                                   size_t rule) const {
  // The mistake is at the second token of what could have begun in several
  // ways: after a word such as `param`.
  if (first != found && isWord(first->getType()))
    return "a name";
  std::vector<std::string> words;
  antlr4::misc::IntervalSet tokens = parser->getExpectedTokens();
  bool expression = tokens.contains(size_t(ModelParser::INTEGER)) &&
                    tokens.contains(size_t(ModelParser::LPAREN));
  bool name = tokens.contains(size_t(ModelParser::IDENTIFIER));
  if (StringRef wanted = phrase(rule);
      !wanted.empty() && (name || expression || rule == ModelParser::RuleFile))
    return wanted.str();
  if (isCommaList(rule) && parser->getContext()->start != found && !name) {
    Token *before = parser->getTokenStream()->LT(-1);
    bool wantsElement = before->getType() == ModelParser::COMMA ||
                        before->getType() == ModelParser::LPAREN ||
                        before->getType() == ModelParser::LBRACKET;
    words.push_back(wantsElement ? elementPhrase(rule).str() : "`,`");
  }
  if (expression)
    words.push_back("an expression");
  else if (name)
    words.push_back("a name");
  for (ssize_t type : tokens.toList()) {
    bool covered =
        expression || (name && isWord(type)) || type == ModelParser::COMMA;
    // A member that is written like a call is `assert`, hardly what was meant.
    if (rule == ModelParser::RuleSubmodule && type == ModelParser::LPAREN)
      continue;
    // What ends a file ends a line before it.
    if (type == ssize_t(Token::EOF) ||
        (covered && type != ModelParser::RPAREN &&
         type != ModelParser::RBRACKET))
      continue;
    words.push_back(tokenPhrase(parser, type));
  }
  return alternatives(words);
}

//===----------------------------------------------------------------------===//
// What to say
//===----------------------------------------------------------------------===//

void SyntaxErrors::report(Parser *parser, Token *found, Token *first,
                          size_t rule) {
  SourceRange range = places.range(found);
  // What follows a character that means nothing is not understood, which is no
  // second mistake.
  if (reportedLines.count(range.start().line))
    return;
  if (rule == ModelParser::RuleStatementLine &&
      isBinaryOperator(found->getType())) {
    diagnostics
        .report(DiagnosticId::UnexpectedPipeTail, range, places.describe(found))
        .hint(HintId::ParenthesizePipe, places.text(found));
    return;
  }
  std::string wanted = expected(parser, found, first, rule);
  if (isReservedWord(found->getType()) &&
      StringRef(wanted).starts_with("a name")) {
    diagnostics.report(DiagnosticId::ReservedWord, range, places.text(found));
    return;
  }
  Diagnostic &error = diagnostics.report(DiagnosticId::UnexpectedToken, range,
                                         places.describe(found), wanted);
  addSyntaxHint(error, places, parser, found, rule);
}
