// Formatter.cpp: which spaces and line breaks the tokens of a file have between
// them; the tree says what a bracket or a minus is there for.
#include "frontend/formatting/Formatter.h"
#include "frontend/Diagnostics.h"
#include "frontend/ParseTree.h"
#include "frontend/formatting/Layout.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Unicode.h"

using namespace modelc;
using antlr4::Token;
using grammar::ModelParser;

namespace {
class PieceMaker {
public:
  explicit PieceMaker(ParseTree &parsed)
      : parsed(parsed), places(parsed.places()) {}

  std::vector<Piece> run();

private:
  void findRules(antlr4::tree::ParseTree *node);
  void comment(const Token *token);
  void word(const Token *token);
  unsigned spacesBefore(const Token *token) const;
  unsigned breakRank(const Token *token) const;
  void close(Piece &piece, const Token *token);
  void expandBodies();
  void joinBodies();
  void startStatements();
  void alignSubmodules();

  size_t ruleOf(const Token *token) const {
    return rules[token->getTokenIndex()];
  }
  bool isSignOf(const Token *token) const {
    size_t rule = ruleOf(token);
    return token->getType() == ModelParser::MINUS &&
           (rule == ModelParser::RuleNegated ||
            rule == ModelParser::RuleExponent);
  }
  bool isBody(const Token *brace) const {
    return ruleOf(brace) != ModelParser::RuleHyperSpace;
  }

  ParseTree &parsed;
  const TokenPlaces &places;
  std::vector<size_t> rules; // of each token, by its index
  std::vector<Piece> pieces;
  std::vector<const Token *> tokens; // of each piece; null: a comment
  std::vector<size_t> open;          // pieces
  unsigned lineBreaks = 0;           // since the last piece
  bool statementEnded = true;
};
} // namespace

std::vector<Piece> PieceMaker::run() {
  rules.resize(parsed.tokens()->size());
  findRules(parsed.file());
  for (const Token *token : parsed.tokens()->getTokens()) {
    switch (token->getType()) {
    case Token::EOF:
      break;
    case ModelParser::NEWLINE:
      lineBreaks += !places.text(token).empty();
      statementEnded |= token->getChannel() == Token::DEFAULT_CHANNEL;
      break;
    case ModelParser::COMMENT:
    case ModelParser::DOCUMENTATION:
      comment(token);
      break;
    default:
      word(token);
      break;
    }
  }
  expandBodies();
  joinBodies();
  startStatements();
  alignSubmodules();
  return std::move(pieces);
}

/// Notes which rule each token stands in. The tree may be deep, but the newline
/// filter has limited its brackets and operators.
void PieceMaker::findRules(antlr4::tree::ParseTree *node) {
  if (auto *leaf = dynamic_cast<antlr4::tree::TerminalNode *>(node)) {
    auto *rule = dynamic_cast<antlr4::ParserRuleContext *>(node->parent);
    rules[leaf->getSymbol()->getTokenIndex()] = rule->getRuleIndex();
    return;
  }
  for (antlr4::tree::ParseTree *child : node->children)
    findRules(child);
}

void PieceMaker::comment(const Token *token) {
  llvm::StringRef text = places.text(token).rtrim();
  if (lineBreaks == 0 && !pieces.empty()) {
    pieces.back().trailingComment = text;
    return;
  }
  Piece piece;
  piece.kind = Piece::Kind::Comment;
  piece.text = text;
  piece.beginsLine = true;
  piece.blankBefore = lineBreaks > 1 && !pieces.empty();
  pieces.push_back(piece);
  tokens.push_back(nullptr);
  lineBreaks = 0;
}

void PieceMaker::word(const Token *token) {
  Piece piece;
  piece.text = places.text(token);
  bool afterComment =
      !pieces.empty() &&
      (!tokens.back() || !pieces.back().trailingComment.empty());
  piece.beginsLine = lineBreaks > 0 || afterComment || pieces.empty();
  piece.blankBefore = lineBreaks > 1 && !pieces.empty();
  piece.beginsStatement = statementEnded;
  if (!pieces.empty() && tokens.back()) {
    piece.spaces = spacesBefore(token);
    piece.breakRank = breakRank(token);
  }
  switch (token->getType()) {
  case ModelParser::LBRACE:
    statementEnded = piece.isBody = isBody(token);
    [[fallthrough]];
  case ModelParser::LPAREN:
  case ModelParser::LBRACKET:
    piece.kind = Piece::Kind::Open;
    open.push_back(pieces.size());
    if (!piece.isBody)
      statementEnded = false;
    break;
  case ModelParser::RBRACE:
  case ModelParser::RPAREN:
  case ModelParser::RBRACKET:
    close(piece, token);
    [[fallthrough]];
  default:
    statementEnded = false;
    break;
  }
  pieces.push_back(piece);
  tokens.push_back(token);
  lineBreaks = 0;
}

void PieceMaker::close(Piece &piece, const Token *token) {
  Piece &opener = pieces[open.back()];
  open.pop_back();
  opener.close = pieces.size();
  piece.kind = Piece::Kind::Close;
  piece.isBody = opener.isBody;
  piece.beginsStatement = piece.blankBefore = false;
  if (&opener == &pieces.back()) { // `{}` and `()`
    piece.spaces = 0;
    piece.beginsLine = !opener.trailingComment.empty();
  }
}

/// Between a token and the one before it.
unsigned PieceMaker::spacesBefore(const Token *token) const {
  const Token *before = tokens.back();
  switch (before->getType()) {
  case ModelParser::LPAREN:
  case ModelParser::LBRACKET:
  case ModelParser::DOT:
  case ModelParser::RANGE:
    return 0;
  case ModelParser::LBRACE:
    return isBody(before);
  case ModelParser::MINUS:
    if (isSignOf(before))
      return 0;
    break;
  default:
    break;
  }
  switch (token->getType()) {
  case ModelParser::COMMA:
  case ModelParser::COLON:
    // A whole axis after a comma: `x[0, :]`.
    return token->getType() == ModelParser::COLON &&
           ruleOf(token) == ModelParser::RuleSubscript;
  case ModelParser::RPAREN:
  case ModelParser::RBRACKET:
  case ModelParser::DOT:
  case ModelParser::RANGE:
    // `x[0, ..3]`.
    return token->getType() == ModelParser::RANGE &&
           before->getType() == ModelParser::COMMA;
  case ModelParser::RBRACE:
    return isBody(token);
  case ModelParser::LPAREN: {
    size_t rule = ruleOf(token);
    bool isCall = rule == ModelParser::RuleArguments ||
                  rule == ModelParser::RuleParameters;
    return !isCall || before->getType() == ModelParser::FN;
  }
  case ModelParser::LBRACKET: {
    size_t rule = ruleOf(token);
    return rule != ModelParser::RuleSuffix && rule != ModelParser::RuleType &&
           rule != ModelParser::RuleSubmodule;
  }
  default:
    return 1;
  }
}

/// How good a place for a line break is before the token. Only where the line
/// goes on by itself: after a comma, an operator or `->`, before `|>`.
unsigned PieceMaker::breakRank(const Token *token) const {
  if (token->getType() == ModelParser::PIPE)
    return 0;
  const Token *before = tokens.back();
  switch (before->getType()) {
  case ModelParser::COMMA:
    return 0;
  case ModelParser::OR:
    return 1;
  case ModelParser::AND:
    return 2;
  case ModelParser::EQUAL:
  case ModelParser::NOT_EQUAL:
  case ModelParser::LESS:
  case ModelParser::LESS_EQUAL:
  case ModelParser::GREATER:
  case ModelParser::GREATER_EQUAL:
    return 3;
  case ModelParser::PLUS:
    return 4;
  case ModelParser::MINUS:
    return isSignOf(before) ? Piece::never : 4;
  case ModelParser::STAR:
  case ModelParser::SLASH:
  case ModelParser::AT:
    return 5;
  case ModelParser::LPAREN:
    return 60; // better than an argument of a call inside
  case ModelParser::ARROW:
    return 101; // the last of all: between parameters is better
  case ModelParser::ASSIGN:
    return 150;
  default:
    return Piece::never;
  }
}

/// A body with a line break anywhere has lines of its own.
void PieceMaker::expandBodies() {
  for (size_t i = pieces.size(); i-- > 0;) {
    Piece &opener = pieces[i];
    if (opener.kind != Piece::Kind::Open)
      continue;
    size_t first = i + 1;
    if (first < pieces.size())
      pieces[first].blankBefore = false;
    if (!opener.isBody || opener.close == first)
      continue;
    bool breaks = false;
    for (size_t k = first; k <= opener.close; ++k)
      breaks |= pieces[k].beginsLine;
    if (breaks)
      pieces[first].beginsLine = pieces[opener.close].beginsLine = true;
  }
}

/// `{` and `else` stay on the line of what they follow.
void PieceMaker::joinBodies() {
  for (size_t i = 1; i < pieces.size(); ++i) {
    Piece &piece = pieces[i];
    const Token *before = tokens[i - 1];
    if (!tokens[i] || !before || !pieces[i - 1].trailingComment.empty())
      continue;
    bool isElse = tokens[i]->getType() == ModelParser::ELSE;
    bool isBrace = piece.kind == Piece::Kind::Open && piece.isBody;
    if (isElse || isBrace || before->getType() == ModelParser::ELSE)
      piece.beginsLine = piece.blankBefore = false;
  }
}

/// A comment is where what follows it is; blank lines are between statements.
void PieceMaker::startStatements() {
  bool next = true;
  for (size_t i = pieces.size(); i-- > 0;) {
    Piece &piece = pieces[i];
    if (!tokens[i])
      piece.beginsStatement = next;
    else
      next = piece.beginsStatement ||
             (piece.kind == Piece::Kind::Close && piece.isBody);
    piece.blankBefore &= piece.beginsStatement;
  }
}

/// `name:   Module(…)`: what follows the colons of neighbouring lines begins in
/// one column.
void PieceMaker::alignSubmodules() {
  std::vector<size_t> run; // pieces after colons
  std::vector<unsigned> widths;
  auto finish = [&] {
    unsigned widest = 0;
    for (unsigned width : widths)
      widest = std::max(widest, width);
    for (auto [index, width] : llvm::zip(run, widths))
      pieces[index].spaces = 1 + widest - width;
    run.clear();
    widths.clear();
  };
  unsigned width = 0; // of the statement so far
  bool goesOn = false;
  for (size_t i = 0; i != pieces.size(); ++i) {
    const Piece &piece = pieces[i];
    if (!tokens[i]) {
      if (piece.blankBefore)
        finish();
      continue;
    }
    if (piece.beginsStatement) {
      if (!goesOn || piece.blankBefore)
        finish();
      width = 0;
      goesOn = false;
    }
    bool leavesBody = piece.isBody;
    if (leavesBody)
      finish();
    width += piece.spaces * !piece.beginsLine +
             llvm::sys::unicode::columnWidthUTF8(piece.text);
    bool isColon = tokens[i]->getType() == ModelParser::COLON &&
                   ruleOf(tokens[i]) == ModelParser::RuleSubmodule;
    if (isColon && i + 1 != pieces.size() && !pieces[i + 1].beginsLine) {
      run.push_back(i + 1);
      widths.push_back(width);
      goesOn = true;
    }
  }
  finish();
}

/// The words and comments of a text, to compare.
static std::vector<std::string> wordsOf(ParseTree &parsed) {
  std::vector<std::string> words;
  if (parsed.tokens())
    for (const Token *token : parsed.tokens()->getTokens()) {
      bool isBreak = token->getType() == ModelParser::NEWLINE;
      if (isBreak && token->getChannel() != Token::DEFAULT_CHANNEL)
        continue;
      words.push_back(isBreak ? "\n"
                              : parsed.places().text(token).rtrim().str());
    }
  return words;
}

static std::optional<std::string> formatOrThrow(const SourceFile &source,
                                                DiagnosticEngine &diagnostics) {
  auto whole = [](const SourceFile &file) {
    return SourceRange{&file, 0, uint32_t(file.text().size())};
  };
  auto parsed = ParseTree::parse(whole(source), diagnostics);
  if (!parsed)
    return std::nullopt;
  if (!parsed->tokens())
    return "";
  std::string text = layOut(PieceMaker(*parsed).run());
  // A formatter that changes a program is worse than none.
  DiagnosticEngine mistakes;
  SourceFile result(source.name().str(), text);
  auto again = ParseTree::parse(whole(result), mistakes);
  if (!again || wordsOf(*again) != wordsOf(*parsed))
    llvm::report_fatal_error(llvm::Twine("formatting would change `") +
                             source.name() + "`");
  return text;
}

std::optional<std::string> modelc::format(const SourceFile &source,
                                          DiagnosticEngine &diagnostics) {
  try {
    return formatOrThrow(source, diagnostics);
  } catch (const std::exception &e) {
    llvm::report_fatal_error(llvm::Twine("the parser failed on `") +
                             source.name() + "`: " + e.what());
  }
}
