#include <gmock/gmock.h>
#include <sys/resource.h>
#include <zlib.h>

#include <cstdint>
#include <ostream>
#include <stdexcept>

#include "initlaw/input.hpp"
#include "network/temporary_file.hpp"
#include "support/name_of.hpp"
#include "support/sanitized.hpp"

namespace initlaw::testing {
namespace {

using ::testing::AllOfArray;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

using Values = std::vector<double>;

std::string gzip(const std::string& content) {
  constexpr int kGzip = 16;
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzip + MAX_WBITS, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY);
  std::string in = content;
  std::string out(deflateBound(&stream, in.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

template <typename Number>
std::string bytes_of(const std::vector<Number>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number)};
}

/// A NumPy file of a format version with a header and the bytes of its numbers.
std::string npy_file(char version, const std::string& header, const std::string& data) {
  const auto size = static_cast<std::uint32_t>(header.size());
  const std::string size_bytes = bytes_of<std::uint32_t>({size}).substr(0, version == 1 ? 2 : 4);
  return std::string("\x93NUMPY") + version + '\0' + size_bytes + header + data;
}

std::string npy_header(const std::string& type, const std::string& shape, const std::string& column_major = "False") {
  return "{'descr': '" + type + "', 'fortran_order': " + column_major + ", 'shape': " + shape + ", }    \n";
}

std::string npy(const std::string& type, const std::string& shape, const std::string& data) {
  return npy_file(1, npy_header(type, shape), data);
}

Values row(const std::string& content, std::size_t row = 0) {
  const TemporaryFile file(content);
  const Input input = read_input(file.path(), row);
  return input.values(vanilla({.width = 10, .depth = 2, .inputs = input.size()}));
}

TEST(ReadInput, Csv) {
  EXPECT_EQ(row("1,2,3\n4,5,6\n"), (Values{1, 2, 3}));
  EXPECT_EQ(row("1,2,3\n4,5,6\n", 1), (Values{4, 5, 6}));
}

TEST(ReadInput, CsvOfOneNumber) { EXPECT_EQ(row("7"), Values{7}); }

TEST(ReadInput, CsvWithoutALastNewline) { EXPECT_EQ(row("1,2\n3,4", 1), (Values{3, 4})); }

TEST(ReadInput, CsvWithAHeader) {
  EXPECT_EQ(row("x,\"the y\",1st\n1,2,3\n"), (Values{1, 2, 3}));
  EXPECT_EQ(row("\n\nx,y\n\n1,2\n"), (Values{1, 2}));
}

TEST(ReadInput, CsvOfWindows) { EXPECT_EQ(row("\xEF\xBB\xBFx,y\r\n1,2\r\n\r\n3,4\r\n", 1), (Values{3, 4})); }

TEST(ReadInput, CsvWithBlanks) { EXPECT_EQ(row("\n  1 ,\t2\n   \n3, 4  \n\n", 1), (Values{3, 4})); }

TEST(ReadInput, CsvWithEveryWayToWriteANumber) {
  EXPECT_EQ(row("+1.5,-2,.5,3.,1e3,-1E-3,007,0.1\n"), (Values{1.5, -2, 0.5, 3, 1000, -0.001, 7, 0.1}));
}

TEST(ReadInput, CsvOfManyRows) {
  std::string text;
  for (int i = 1; i <= 100'000; ++i) text += std::to_string(i) + ",1\n";
  EXPECT_EQ(row(text, 99'999), (Values{100'000, 1}));
  EXPECT_EQ(row(gzip(text), 99'999), (Values{100'000, 1}));
}

TEST(ReadInput, Gzip) { EXPECT_EQ(row(gzip("1,2\n3,4\n"), 1), (Values{3, 4})); }

TEST(ReadInput, GzipOfSeveralMembers) { EXPECT_EQ(row(gzip("1,2\n3,") + gzip("") + gzip("4\n"), 1), (Values{3, 4})); }

TEST(ReadInput, NpyOfEveryType) {
  const Values expected = {1, 2, 100};
  EXPECT_EQ(row(npy("<f8", "(3,)", bytes_of<double>({1, 2, 100}))), expected);
  EXPECT_EQ(row(npy("<f4", "(3,)", bytes_of<float>({1, 2, 100}))), expected);
  EXPECT_EQ(row(npy("<i8", "(3,)", bytes_of<std::int64_t>({1, 2, 100}))), expected);
  EXPECT_EQ(row(npy("<i4", "(3,)", bytes_of<std::int32_t>({1, 2, 100}))), expected);
  EXPECT_EQ(row(npy("<i2", "(3,)", bytes_of<std::int16_t>({1, 2, 100}))), expected);
  EXPECT_EQ(row(npy("|i1", "(3,)", bytes_of<std::int8_t>({1, 2, 100}))), expected);
  EXPECT_EQ(row(npy("<u8", "(3,)", bytes_of<std::uint64_t>({1, 2, 100}))), expected);
  EXPECT_EQ(row(npy("<u4", "(3,)", bytes_of<std::uint32_t>({1, 2, 100}))), expected);
  EXPECT_EQ(row(npy("<u2", "(3,)", bytes_of<std::uint16_t>({1, 2, 100}))), expected);
  EXPECT_EQ(row(npy("|u1", "(3,)", bytes_of<std::uint8_t>({1, 2, 100}))), expected);
}

TEST(ReadInput, NpyTellsSignedFromUnsigned) {
  EXPECT_EQ(row(npy("|i1", "(1,)", "\xff")), Values{-1});
  EXPECT_EQ(row(npy("|u1", "(1,)", "\xff")), Values{255});
  EXPECT_EQ(row(npy("<i4", "(1,)", "\xfe\xff\xff\xff")), Values{-2});
  EXPECT_EQ(row(npy("<u4", "(1,)", "\xfe\xff\xff\xff")), Values{4294967294});
}

TEST(ReadInput, NpyByRowsAndByColumns) {
  const std::string numbers = bytes_of<double>({1, 2, 3, 4, 5, 6});
  EXPECT_EQ(row(npy_file(1, npy_header("<f8", "(2, 3)"), numbers), 1), (Values{4, 5, 6}));
  EXPECT_EQ(row(npy_file(1, npy_header("<f8", "(2, 3)", "True"), numbers), 1), (Values{2, 4, 6}));
}

TEST(ReadInput, NpyOfOneDimensionIsOneRow) {
  EXPECT_EQ(row(npy_file(1, npy_header("<f8", "(2,)", "True"), bytes_of<double>({1, 2}))), (Values{1, 2}));
}

TEST(ReadInput, NpyOfEveryFormatVersion) {
  for (const char version : {'\1', '\2', '\3'}) {
    EXPECT_EQ(row(npy_file(version, npy_header("<f8", "(1, 2)"), bytes_of<double>({1, 2}))), (Values{1, 2}));
  }
}

TEST(ReadInput, NpyInGzip) { EXPECT_EQ(row(gzip(npy("<f8", "(1,)", bytes_of<double>({3})))), Values{3}); }

TEST(ReadRows, GivesThemInTheOrderAskedForAndAsOften) {
  const TemporaryFile csv("1,2\n0,0\n5,6\n");
  EXPECT_EQ(read_rows(csv.path(), {2, 1, 2}), (std::vector<Values>{{5, 6}, {0, 0}, {5, 6}}));
  const TemporaryFile columns(npy_file(1, npy_header("<f8", "(2, 3)", "True"), bytes_of<double>({1, 2, 3, 4, 5, 6})));
  EXPECT_EQ(read_rows(columns.path(), {1, 0}), (std::vector<Values>{{2, 4, 6}, {1, 3, 5}}));
}

TEST(ReadInput, TheDigits) {
  const std::string digits = INITLAW_DATA_DIR "/digits.csv.gz";
  EXPECT_EQ(read_input(digits).size(), 64u);
  const Values last = read_input(digits, 1796).values(vanilla({.width = 10, .depth = 2, .inputs = 64}));
  EXPECT_EQ(Values(last.begin(), last.begin() + 8), (Values{0, 0, 10, 14, 8, 1, 0, 0}));
  EXPECT_THAT([&] { read_input(digits, 1797); }, ThrowsMessage<std::invalid_argument>(HasSubstr("1797 rows")));
}

TEST(ReadInput, TheDigitsLabels) {
  const std::string labels = INITLAW_DATA_DIR "/digits_labels.csv.gz";
  EXPECT_EQ(read_input(labels, 1796), Input({8}));
  EXPECT_THAT([&] { read_input(labels, 1797); }, ThrowsMessage<std::invalid_argument>(HasSubstr("1797 rows")));
}

auto refusal(const std::filesystem::path& file, const std::vector<const char*>& named) {
  std::vector<::testing::Matcher<const std::string&>> parts = {StartsWith(file.string() + ": "), Not(HasSubstr("\n"))};
  for (const char* part : named) parts.emplace_back(HasSubstr(part));
  return ThrowsMessage<std::invalid_argument>(AllOfArray(parts));
}

TEST(ReadInput, RefusesAMissingFile) {
  EXPECT_THAT([] { read_input("/no/such/file.csv"); }, refusal("/no/such/file.csv", {"No such file"}));
}

TEST(ReadInput, RefusesAFolder) {
  EXPECT_THAT([] { read_input(INITLAW_DATA_DIR); }, refusal(INITLAW_DATA_DIR, {"directory"}));
}

TEST(ReadInput, RefusesANameThatNoFileCanHave) {
  const std::string name(300, 'a');
  EXPECT_THAT([&] { read_input(name); }, refusal(name, {"too long"}));
}

TEST(ReadInput, TellsAFailedReadFromTheEndOfAFile) {
  // The memory at address 0, which no process has: an input/output error.
  EXPECT_THAT([] { read_input("/proc/self/mem"); }, refusal("/proc/self/mem", {"cannot be read", "error"}));
}

TEST(ReadInput, RefusesFilesWithoutEnd) {
  EXPECT_THAT([] { read_input("/dev/zero"); }, refusal("/dev/zero", {"line 1", "longer than"}));
}

/// The largest memory that the process has taken so far, in bytes.
double peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return 1024 * static_cast<double>(usage.ru_maxrss);
}

TEST(ReadInput, TakesMemoryForTheRowAskedForAlone) {
  if (support::kSanitized) GTEST_SKIP();
  // 100 MB each.
  const auto repeated = [](const std::string& piece) {
    std::string text;
    while (text.size() < 1'000'000) text += piece;
    const std::string member = gzip(text);
    std::string file;
    for (int i = 0; i < 100; ++i) file += member;
    return file;
  };
  std::string row = "1";
  for (int i = 1; i < 10'000; ++i) row += ",1";
  const std::string numbers(8'000'000, '\1');
  std::string npy_rows = gzip(npy_file(1, npy_header("|i1", "(5, 8000000)"), ""));
  std::string npy_columns = gzip(npy_file(1, npy_header("|i1", "(8000000, 5)", "True"), ""));
  const std::string member = gzip(numbers);
  for (int i = 0; i < 5; ++i) npy_rows += member;
  for (int i = 0; i < 5; ++i) npy_columns += member;
  const TemporaryFile files[] = {TemporaryFile(repeated(std::string(1000, '\0'))), TemporaryFile(repeated("\n")),
                                 TemporaryFile(repeated(row + "\n")), TemporaryFile(npy_rows),
                                 TemporaryFile(npy_columns)};
  const double before = peak_memory();
  EXPECT_THAT([&] { read_input(files[0].path()); }, refusal(files[0].path(), {"line 1", "longer than"}));
  EXPECT_THAT([&] { read_input(files[1].path()); }, refusal(files[1].path(), {"empty"}));
  EXPECT_EQ(read_input(files[2].path(), 3).size(), 10'000);
  EXPECT_LT(peak_memory() - before, 50e6);
  // A row of 64 MB.
  EXPECT_EQ(read_input(files[3].path(), 4).size(), 8'000'000);
  EXPECT_EQ(read_input(files[4].path(), 7'999'999).size(), 5);
  EXPECT_LT(peak_memory() - before, 200e6);
}

TEST(ReadInput, RefusesEveryTruncationOfAGzipFile) {
  const std::string whole = gzip("1,2\n3,4\n");
  for (std::size_t size = 2; size < whole.size(); ++size) {
    const TemporaryFile file(whole.substr(0, size));
    EXPECT_THAT([&] { read_input(file.path()); }, refusal(file.path(), {"truncated"})) << size;
  }
}

TEST(ReadInput, RefusesEveryTruncationOfANpyFile) {
  const std::string whole = npy("<f8", "(2,)", bytes_of<double>({1, 2}));
  for (std::size_t size = 6; size < whole.size(); ++size) {
    const TemporaryFile file(whole.substr(0, size));
    EXPECT_THAT([&] { read_input(file.path()); }, refusal(file.path(), {"truncated"})) << size;
  }
}

/// A file without the inputs asked for, and what the message must name.
struct Wrong {
  const char* name;
  std::string content;
  std::vector<const char*> named;
  std::size_t row = 0;
};

std::ostream& operator<<(std::ostream& out, const Wrong& wrong) { return out << wrong.name; }

class WrongInput : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongInput, IsRefusedInOneLine) {
  const TemporaryFile file(GetParam().content);
  EXPECT_THAT([&] { read_input(file.path(), GetParam().row); }, refusal(file.path(), GetParam().named));
}

INSTANTIATE_TEST_SUITE_P(
    Csv, WrongInput,
    ::testing::Values(Wrong{"Empty", "", {"empty", "at least one row"}},
                      Wrong{"Blank", "\n \r\n\n", {"empty", "at least one row"}},
                      Wrong{"ByteOrderMarkOnly", "\xEF\xBB\xBF", {"empty", "at least one row"}},
                      Wrong{"HeaderOnly", "x,y\n", {"empty", "at least one row"}},
                      Wrong{"RaggedShort", "1,2\n3\n", {"line 2", "1 column", "2"}},
                      Wrong{"RaggedLong", "1,2\n3,4,5\n", {"line 2", "3 columns", "2"}},
                      Wrong{"RaggedAfterTheRowAskedFor", "1,2\n3,4\n\n5\n", {"line 4", "1 column", "2"}},
                      Wrong{"RaggedAfterAHeader", "x,y,z\n3,4\n", {"line 2", "2 columns", "3"}},
                      Wrong{"Word", "1,2\n3,four\n", {"line 2", "column 2", "\"four\"", "finite number"}},
                      Wrong{"WordAmongNumbersOfTheFirstLine", "1,two\n", {"line 1", "column 2", "\"two\""}},
                      Wrong{"SecondHeader", "x,y\nz,w\n1,2\n", {"line 2", "column 1", "\"z\""}},
                      Wrong{"NumberAndMore", "1\n2.5kg\n", {"line 2", "\"2.5kg\""}},
                      Wrong{"EmptyField", "1,,3\n", {"line 1", "column 2", "\"\""}},
                      Wrong{"EmptyNameInAHeader", "x,,z\n1,2,3\n", {"line 1", "column 1", "\"x\""}},
                      Wrong{"NumberInAHeader", "x,2\n1,2\n", {"line 1", "column 1", "\"x\""}},
                      Wrong{"LongField", "1\n2." + std::string(5000, '0') + "\n", {"line 2", "column 1", "longer"}},
                      Wrong{"CommaAtTheEnd", "1,2,\n", {"line 1", "column 3", "\"\""}},
                      Wrong{"Semicolons", "1;2\n3;4\n", {"line 1", "\"1;2\""}},
                      Wrong{"TwoSigns", "+-1\n", {"line 1", "\"+-1\""}},
                      Wrong{"Nan", "1,2\n3,nan\n", {"line 2", "column 2", "nan", "finite"}},
                      Wrong{"NanFirst", "nan\n1\n", {"line 1", "column 1", "nan", "finite"}},
                      Wrong{"Infinity", "1,-inf\n", {"line 1", "column 2", "-inf", "finite"}},
                      Wrong{"NumberNoDoubleHolds", "1e999\n1\n", {"line 1", "1e999", "finite"}},
                      Wrong{"CarriageReturnsOnly", "1,2\r3,4\r", {"line 1", "column 2", "\\r"}},
                      Wrong{"Binary", std::string("1\n\0\x01\xff\n", 6), {"line 2", "\\x00\\x01\\xff"}},
                      Wrong{"AllZero", "1,2\n\n0,-0\n", {"line 3", "row 1", "0", "differ"}, 1},
                      Wrong{"NormTooLarge", "1.7e308,1.7e308\n", {"line 1", "row 0", "too large"}},
                      Wrong{"NoSuchRow", "x,y\n1,2\n3,4\n", {"row 2", "2 rows", "0 to 1"}, 2},
                      Wrong{"NoRowNearSo", "1,2\n", {"18446744073709551615", "1 row"}, static_cast<std::size_t>(-1)}),
    support::name_of);

/// The bytes with one of them changed, `from_end` from the end.
std::string damaged(std::string bytes, std::size_t from_end) {
  bytes[bytes.size() - from_end] ^= 1;
  return bytes;
}

INSTANTIATE_TEST_SUITE_P(Gzip, WrongInput,
                         ::testing::Values(Wrong{"NoGzip", "\x1f\x8b\x08 not gzip at all", {"gzip", "corrupt"}},
                                           Wrong{"WrongLength", damaged(gzip("1,2\n"), 4), {"gzip", "corrupt"}},
                                           Wrong{"WrongChecksum", damaged(gzip("1,2\n"), 8), {"gzip", "corrupt"}},
                                           Wrong{"TrailingBytes", gzip("1,2\n") + "3,4\n", {"other bytes", "gzip"}},
                                           Wrong{"SecondMemberTruncated",
                                                 gzip("1,2\n") + gzip("3,4\n").substr(0, 12),
                                                 {"gzip", "truncated"}},
                                           Wrong{"OfNothing", gzip(""), {"empty"}},
                                           Wrong{"OfRaggedRows", gzip("1,2\n3\n"), {"line 2", "1 column"}}),
                         support::name_of);

const std::string kTwo = bytes_of<double>({1, 2});
const std::string kNanAndInfinity = std::string("\0\0\0\0\0\0\xf8\x7f\0\0\0\0\0\0\xf0\x7f", 16);

INSTANTIATE_TEST_SUITE_P(
    Npy, WrongInput,
    ::testing::Values(
        Wrong{"BigEndian", npy(">f8", "(2,)", kTwo), {">f8", "little-endian"}},
        Wrong{"Complex", npy("<c16", "(1,)", kTwo), {"<c16", "integers or floats"}},
        Wrong{"Text", npy("<U4", "(1,)", kTwo), {"<U4", "integers or floats"}},
        Wrong{"HalfPrecision", npy("<f2", "(8,)", kTwo), {"<f2", "4 or 8 bytes"}},
        Wrong{"Records",
              npy_file(1, "{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (2,), }", kTwo),
              {"header"}},
        Wrong{"NoDimension", npy("<f8", "()", kTwo.substr(8)), {"shape", "()", "one or two"}},
        Wrong{"ThreeDimensions", npy("<f8", "(1, 1, 2)", kTwo), {"shape", "(1, 1, 2)", "one or two"}},
        Wrong{"NegativeLength", npy("<f8", "(-2,)", kTwo), {"shape", "-2"}},
        Wrong{"TrailingBytes", npy("<f8", "(1,)", kTwo), {"other bytes"}},
        Wrong{"ALittleTruncated", npy("<f8", "(2,)", kTwo.substr(1)), {"truncated"}},
        Wrong{"ManyNumbersClaimed", npy("<f8", "(4294967296, 4294967296)", kTwo), {"truncated"}},
        Wrong{"SizeThatWrapsToTheRightOne", npy("<f8", "(2305843009213693954,)", kTwo), {"truncated"}},
        Wrong{"LengthNoWordHolds", npy("<f8", "(99999999999999999999,)", kTwo), {"length", "99999999999999999999"}},
        Wrong{"NoRows", npy("<f8", "(0, 64)", ""), {"empty"}},
        Wrong{"NoColumns", npy("<f8", "(18446744073709551615, 0)", ""), {"empty"}},
        Wrong{"NoHeader", npy_file(1, "", kTwo), {"header"}},
        Wrong{"HeaderOfWords", npy_file(1, "It was a dark and stormy night.\n", kTwo), {"header"}},
        Wrong{"HugeHeader",
              npy_file(2, "{'descr': " + std::string(3'000'000, ' ') + npy_header("<f8", "(2,)").substr(10), kTwo),
              {"header"}},
        Wrong{"HeaderLongerThanTheFile", npy_file(2, npy_header("<f8", "(2,)"), "").substr(0, 40), {"truncated"}},
        Wrong{"UnknownVersion", npy_file(4, npy_header("<f8", "(2,)"), kTwo), {"format 4"}},
        Wrong{"NewlinesInTheShape", npy("<f8", "(2,\n)", kTwo), {"header"}},
        Wrong{"NewlinesInTheType", npy("\n\n", "(2,)", kTwo), {"\\n\\n", "integers or floats"}},
        Wrong{"Nan", npy("<f8", "(1, 2)", kNanAndInfinity), {"row 0", "column 0", "nan", "finite"}},
        Wrong{"Infinity", npy("<f8", "(1, 2)", kTwo.substr(0, 8) + kNanAndInfinity.substr(8)), {"column 1", "inf"}},
        Wrong{"AllZero", npy("<f8", "(2, 1)", bytes_of<double>({1, 0})), {"row 1", "0", "differ"}, 1},
        Wrong{"NoSuchRow", npy("<f8", "(2, 1)", kTwo), {"row 2", "2 rows"}, 2},
        Wrong{"NoSecondRowInOneDimension", npy("<f8", "(2,)", kTwo), {"row 1", "1 row"}, 1}),
    support::name_of);

}  // namespace
}  // namespace initlaw::testing
