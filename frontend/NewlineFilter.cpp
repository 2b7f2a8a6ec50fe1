// NewlineFilter.cpp: which line breaks end something, and whether brackets
// match.
#include "frontend/NewlineFilter.h"
#include "ModelParser.h"
#include "frontend/Diagnostics.h"

using namespace modelc;
using antlr4::CommonToken;
using antlr4::Token;
using grammar::ModelParser;

namespace {
class NewlineFilter {
public:
  NewlineFilter(std::vector<std::unique_ptr<Token>> &tokens,
                const TokenPlaces &places, DiagnosticEngine &diagnostics)
      : tokens(tokens), places(places), diagnostics(diagnostics) {}

  bool run();
  /// The first `}` that closes nothing; the parser knows better why.
  CommonToken *surplusBrace() const { return surplus; }

private:
  struct Bracket {
    CommonToken *token;
    unsigned operators; // of the statement around it, up to here
    size_t indentation; // of its line
  };

  bool visit(CommonToken *token, size_t index);
  bool open(CommonToken *token);
  bool close(CommonToken *token);
  bool countOperator(CommonToken *token);
  void beginLine(CommonToken *token);
  void reportUnclosed();
  void hintComment(Diagnostic &error, const CommonToken *opener);
  void endLine(CommonToken *token, size_t index);
  void semicolon(CommonToken *token);
  void unknown(CommonToken *token);

  bool isFirstOfLine(const CommonToken *token) {
    return std::exchange(lineReported, token->getLine()) != token->getLine();
  }
  void hide(CommonToken *token) { token->setChannel(Token::HIDDEN_CHANNEL); }
  bool insideParentheses() const {
    return !brackets.empty() &&
           brackets.back().token->getType() != ModelParser::LBRACE;
  }
  bool continuesLine(size_t type) const;
  bool nextContinuesLine(size_t index) const;
  std::unique_ptr<CommonToken> makeNewline(size_t at) const;

  std::vector<std::unique_ptr<Token>> &tokens;
  const TokenPlaces &places;
  DiagnosticEngine &diagnostics;
  std::vector<std::unique_ptr<Token>> output;
  std::vector<Bracket> brackets;
  size_t previous = ModelParser::NEWLINE; // type of the last visible token
  size_t lineReported =
      0; // the last line with an error: one is enough for a line
  unsigned operators = 0;
  /// Whether the line so far begins a function that has no body yet, and the
  /// end of the first line that ended so.
  bool inSignature = false;
  CommonToken *bodyless = nullptr;
  CommonToken *surplus = nullptr;
  /// The line, how far it is indented, and the brace that its indentation says
  /// was to be closed before: which of several is not closed, brackets alone
  /// do not tell.
  size_t line = 0, indentation = 0;
  CommonToken *suspect = nullptr, *suspectAt = nullptr;
};
} // namespace

static llvm::StringRef closerOf(size_t opener) {
  return opener == ModelParser::LPAREN     ? ")"
         : opener == ModelParser::LBRACKET ? "]"
                                           : "}";
}

bool NewlineFilter::run() {
  output.reserve(tokens.size() + 16);
  bool good = true;
  for (size_t i = 0; i != tokens.size() && good; ++i) {
    auto *token = static_cast<CommonToken *>(tokens[i].get());
    if (token->getChannel() == Token::DEFAULT_CHANNEL)
      good = visit(token, i);
    output.push_back(std::move(tokens[i]));
  }
  if (good && !brackets.empty()) {
    reportUnclosed();
    good = false;
  }
  if (previous != ModelParser::NEWLINE)
    output.push_back(makeNewline(places.part().text().size()));
  tokens = std::move(output);
  return good;
}

/// Notes an opening brace whose body goes on where it is indented no further
/// than the line that opens it.
void NewlineFilter::beginLine(CommonToken *token) {
  if (token->getType() == ModelParser::NEWLINE || token->getLine() == line)
    return;
  line = token->getLine();
  indentation = token->getCharPositionInLine();
  if (suspect || brackets.empty())
    return;
  const Bracket &inner = brackets.back();
  bool isOpener = token->getType() == ModelParser::LBRACE;
  bool isCloser = token->getType() == ModelParser::RBRACE;
  if (inner.token->getType() != ModelParser::LBRACE || isOpener ||
      indentation > inner.indentation ||
      (isCloser && indentation == inner.indentation))
    return;
  suspect = inner.token;
  suspectAt = token;
}

void NewlineFilter::reportUnclosed() {
  CommonToken *opener = brackets.back().token;
  bool isBrace = opener->getType() == ModelParser::LBRACE;
  if (isBrace && suspect)
    opener = suspect;
  auto &error = diagnostics
                    .report(DiagnosticId::UnclosedBracket, places.range(opener),
                            places.text(opener))
                    .hint(HintId::CloseBracket, closerOf(opener->getType()));
  if (isBrace && suspect)
    error.note(NoteId::ClosedBeforeHere, places.range(suspectAt));
  hintComment(error, opener);
}

/// `f(65 // 2)`: a closing bracket in a comment closes nothing.
void NewlineFilter::hintComment(Diagnostic &error, const CommonToken *opener) {
  for (const auto *list : {&output, &tokens})
    for (const std::unique_ptr<Token> &token : *list)
      if (token && token->getType() == ModelParser::COMMENT &&
          token->getLine() == opener->getLine() &&
          places.text(token.get()).contains(closerOf(opener->getType()))) {
        error.note(NoteId::CommentHere, places.range(token.get()))
            .hint(HintId::DivideIntegers);
        return;
      }
}

bool NewlineFilter::visit(CommonToken *token, size_t index) {
  beginLine(token);
  switch (token->getType()) {
  case ModelParser::NEWLINE:
    endLine(token, index);
    return true;
  case ModelParser::SEMICOLON:
    semicolon(token);
    return true;
  case ModelParser::UNKNOWN:
    unknown(token);
    return true;
  case ModelParser::UNTERMINATED_STRING:
    if (isFirstOfLine(token))
      diagnostics.report(DiagnosticId::UnterminatedString, places.range(token));
    token->setType(ModelParser::STRING);
    break;
  case ModelParser::LPAREN:
  case ModelParser::LBRACKET:
  case ModelParser::LBRACE:
    return open(token);
  case ModelParser::RPAREN:
  case ModelParser::RBRACKET:
  case ModelParser::RBRACE:
    return close(token);
  default:
    break;
  }
  if (token->getType() == ModelParser::FN &&
      (previous == ModelParser::NEWLINE || previous == ModelParser::LBRACE ||
       previous == ModelParser::EXPORT))
    inSignature = true;
  previous = token->getType();
  return countOperator(token);
}

bool NewlineFilter::countOperator(CommonToken *token) {
  size_t type = token->getType();
  bool nests = isBinaryOperator(type) || type == ModelParser::NOT ||
               type == ModelParser::DOT || type == ModelParser::ELSE ||
               type == ModelParser::LPAREN || type == ModelParser::LBRACKET;
  if (!nests || ++operators <= maximumOperators)
    return true;
  diagnostics.report(DiagnosticId::TooManyOperators, places.range(token),
                     maximumOperators);
  return false;
}

bool NewlineFilter::open(CommonToken *token) {
  if (brackets.size() == maximumNesting) {
    diagnostics.report(DiagnosticId::NestedTooDeeply, places.range(token),
                       maximumNesting);
    return false;
  }
  if (token->getType() == ModelParser::LBRACE)
    inSignature = false;
  previous = token->getType();
  brackets.push_back({token, operators, indentation});
  return countOperator(token);
}

bool NewlineFilter::close(CommonToken *token) {
  if (brackets.empty()) {
    if (bodyless && token->getType() == ModelParser::RBRACE)
      diagnostics
          .report(DiagnosticId::UnexpectedToken, places.range(bodyless),
                  "the end of the line", "`{` and a body")
          .note(NoteId::ClosedHere, places.range(token), places.text(token));
    else if (token->getType() == ModelParser::RBRACE) {
      surplus = surplus ? surplus : token;
      hide(token);
      return true;
    } else
      diagnostics.report(DiagnosticId::UnbalancedBracket, places.range(token),
                         places.text(token));
    return false;
  }
  Bracket opener = brackets.back();
  if (places.text(token) != closerOf(opener.token->getType())) {
    auto &error =
        diagnostics
            .report(DiagnosticId::MismatchedBracket, places.range(token),
                    places.text(token), places.text(opener.token))
            .note(NoteId::OpenedHere, places.range(opener.token),
                  places.text(opener.token));
    hintComment(error, opener.token);
    return false;
  }
  brackets.pop_back();
  if (token->getType() == ModelParser::RBRACE) {
    if (previous != ModelParser::NEWLINE && previous != ModelParser::LBRACE)
      output.push_back(makeNewline(token->getStartIndex()));
    operators = opener.operators;
  }
  previous = token->getType();
  return true;
}

void NewlineFilter::endLine(CommonToken *token, size_t index) {
  if (insideParentheses() || continuesLine(previous) ||
      nextContinuesLine(index)) {
    hide(token);
    return;
  }
  if (inSignature && !bodyless)
    bodyless = token;
  inSignature = false;
  previous = ModelParser::NEWLINE;
  operators = brackets.empty() ? 0 : brackets.back().operators;
}

bool NewlineFilter::continuesLine(size_t type) const {
  switch (type) {
  case ModelParser::NEWLINE:
  case ModelParser::LBRACE:
  case ModelParser::COMMA:
  case ModelParser::COLON:
  case ModelParser::ASSIGN:
  case ModelParser::ARROW:
  case ModelParser::NOT:
  case ModelParser::ELSE:
    return true;
  default:
    return isBinaryOperator(type);
  }
}

bool NewlineFilter::nextContinuesLine(size_t index) const {
  for (size_t i = index + 1; i != tokens.size(); ++i) {
    size_t type = tokens[i]->getType();
    if (type != ModelParser::NEWLINE &&
        tokens[i]->getChannel() == Token::DEFAULT_CHANNEL)
      return type == ModelParser::PIPE || type == ModelParser::ELSE ||
             type == ModelParser::LBRACE;
  }
  return false;
}

void NewlineFilter::semicolon(CommonToken *token) {
  if (isFirstOfLine(token))
    diagnostics.report(DiagnosticId::SemicolonFound, places.range(token))
        .hint(HintId::RemoveSemicolon);
  // Parsing goes on as if a line had ended.
  if (insideParentheses() || continuesLine(previous)) {
    hide(token);
    return;
  }
  token->setType(ModelParser::NEWLINE);
  previous = ModelParser::NEWLINE;
}

void NewlineFilter::unknown(CommonToken *token) {
  hide(token);
  if (!isFirstOfLine(token))
    return;
  llvm::StringRef text = places.text(token);
  unsigned char first = text[0];
  std::string shown = ("`" + text + "`").str();
  if (first < 0x20 || first == 0x7F)
    shown = "the control character " + std::to_string(first);
  Diagnostic &error = diagnostics.report(DiagnosticId::UnexpectedCharacter,
                                         places.range(token), shown);
  switch (first) {
  case '&':
    error.hint(HintId::UseWordOperator, "and");
    break;
  case '|':
    error.hint(HintId::UseWordOperator, "or");
    break;
  case '!':
    error.hint(HintId::UseWordOperator, "not");
    break;
  case '%':
    error.hint(HintId::UseWordOperator, "remainder(a, b)");
    break;
  case '^':
    error.hint(HintId::PowerIsDoubleStar);
    break;
  case '#':
    error.hint(HintId::CommentsAreSlashes);
    break;
  case '\'':
    error.hint(HintId::StringsAreDoubleQuoted);
    break;
  case '?':
    error.hint(!brackets.empty() &&
                       brackets.back().token->getType() == ModelParser::LBRACKET
                   ? HintId::AnySize
                   : HintId::ChooseByIf);
    break;
  default:
    break;
  }
}

std::unique_ptr<CommonToken> NewlineFilter::makeNewline(size_t at) const {
  auto token = std::make_unique<CommonToken>(size_t(ModelParser::NEWLINE));
  token->setStartIndex(at);
  token->setStopIndex(at - 1);
  return token;
}

bool modelc::filterNewlines(std::vector<std::unique_ptr<Token>> &tokens,
                            const TokenPlaces &places,
                            DiagnosticEngine &diagnostics,
                            SourceRange &surplusBrace) {
  NewlineFilter filter(tokens, places, diagnostics);
  bool good = filter.run();
  if (antlr4::Token *token = filter.surplusBrace())
    surplusBrace = places.range(token);
  return good;
}
