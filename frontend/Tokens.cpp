// Tokens.cpp: where ANTLR's tokens are in the source, and how they are named to
// the user.
#include "frontend/Tokens.h"
#include "ModelParser.h"

using namespace modelc;
using grammar::ModelParser;

TokenPlaces::TokenPlaces(SourceRange part) : parsed(part) {
  llvm::StringRef text = part.text();
  bool isAscii = true;
  for (unsigned char byte : text)
    isAscii &= byte < 0x80;
  if (isAscii)
    return;
  for (uint32_t i = 0; i != text.size(); ++i)
    if ((text[i] & 0xC0) != 0x80)
      offsets.push_back(part.begin + i);
}

uint32_t TokenPlaces::byteOffset(size_t codePoint) const {
  if (offsets.empty())
    return std::min<size_t>(parsed.begin + codePoint, parsed.end);
  return codePoint < offsets.size() ? offsets[codePoint] : parsed.end;
}

SourceRange TokenPlaces::range(const antlr4::Token *token) const {
  if (token->getType() == antlr4::Token::EOF)
    return {parsed.file, parsed.end, parsed.end};
  uint32_t begin = byteOffset(token->getStartIndex());
  // A line break that stands for a closing brace has no text.
  uint32_t end = byteOffset(token->getStopIndex() + 1);
  return {parsed.file, begin, std::max(begin, end)};
}

SourceRange TokenPlaces::range(const antlr4::ParserRuleContext *context) const {
  const antlr4::Token *first = context->start, *last = context->stop;
  if (!last || last->getTokenIndex() < first->getTokenIndex())
    return range(first);
  return range(first).to(range(last));
}

std::string TokenPlaces::describe(const antlr4::Token *token) const {
  if (token->getType() == antlr4::Token::EOF)
    return "the end of the file";
  llvm::StringRef spelling = text(token);
  if (token->getType() == ModelParser::NEWLINE) {
    if (!spelling.empty())
      return "the end of the line";
    return range(token).begin < parsed.end ? "`}`" : "the end of the file";
  }
  constexpr size_t longest = 32;
  if (spelling.size() <= longest)
    return "`" + spelling.str() + "`";
  size_t cut = longest;
  while (cut > 0 && (spelling[cut] & 0xC0) == 0x80)
    --cut;
  return "`" + spelling.take_front(cut).str() + "…`";
}

bool modelc::isBinaryOperator(size_t tokenType) {
  switch (tokenType) {
  case ModelParser::AND:
  case ModelParser::OR:
  case ModelParser::EQUAL:
  case ModelParser::NOT_EQUAL:
  case ModelParser::LESS:
  case ModelParser::LESS_EQUAL:
  case ModelParser::GREATER:
  case ModelParser::GREATER_EQUAL:
  case ModelParser::RANGE:
  case ModelParser::PLUS:
  case ModelParser::MINUS:
  case ModelParser::STAR:
  case ModelParser::SLASH:
  case ModelParser::AT:
  case ModelParser::POWER:
  case ModelParser::PIPE:
    return true;
  default:
    return false;
  }
}
