import BrokerTesting
import Testing

/// A wrong call of `cairn compute`, and what it must say.
private struct Slip: CustomTestStringConvertible, Sendable {
  let arguments: [String]
  let table: String
  let errors: String

  init(_ arguments: String..., table: String = "t,b\n1,2\n3,4\n", says errors: String) {
    self.arguments = arguments
    self.table = table
    self.errors = errors
  }

  var testDescription: String { errors }
}

/// What is said of a text that is no time.
private let noTime =
  "is no time; write 2026-01-31 12:00:00 (seconds, or the time, may be left out),"
  + " 2026-01-31T12:00:00Z, or seconds, milliseconds or microseconds since 1970"

private let round = "round: { of: b, decimals: 0 }"

/// The table's path stands as `TABLE` in what is said.
private let slips = [
  Slip(says: "name kernels with --kernel, or a board file with --board, and not both"),
  Slip(
    "--kernel", round, "--board", "board.yaml",
    says: "name kernels with --kernel, or a board file with --board, and not both"),
  Slip(
    "--kernel", "anomly: { of: b }",
    says: "--kernel: unknown kind 'anomly'; did you mean 'anomaly'?"),
  Slip(
    "--kernel", "anomaly: { of: B }", says: "--kernel: there is no column 'B'; did you mean 'b'?"),
  Slip(
    "--kernel", "anomaly: { of: value }",
    says: "--kernel: there is no column 'value'; write one of t, b"),
  Slip(
    "--time", "t", "--kernel", "anomaly: { of: t }",
    says: "--kernel: there is no column 't'; write 'b'"),
  Slip(
    "--kernel", "anomaly",
    says: "--kernel 'anomaly' names no kernel; write 'KIND: { of: COLUMN }', quotes included"),
  Slip(
    "--kernel", "",
    says: "--kernel '' names no kernel; write 'KIND: { of: COLUMN }', quotes included"),
  Slip(
    "--kernel", "{ a: { of: b }, c: { of: b } }",
    says: "--kernel '{ a: { of: b }, c: { of: b } }' names no kernel; write 'KIND: { of: COLUMN }',"
      + " quotes included"),
  Slip(
    "--kernel", "anomaly: { of: b",
    says: "--kernel 'anomaly: { of: b': the bracket that opens here is never closed; close a list"
      + " with ']' and a mapping with '}'"),
  Slip(
    "--kernel", round, "--kernel", round,
    says: "--kernel: two kernels are called 'round'; write 'NAME: { kind: ... }' for one"),
  Slip(
    "--kernel", round, table: "b,round.value\n1,2\n",
    says: "kernel 'round' gives 'round.value', but there is a column 'round.value'; write 'NAME: {"
      + " kind: round, ... }' with another name"),
  Slip(
    "--kernel", "k: { kind: threshold, of: k.alarm, above: 1 }", table: "k.alarm\n1\n",
    says: "kernel 'k' gives 'k.alarm', but there is a column 'k.alarm'; write 'NAME: { kind:"
      + " threshold, ... }' with another name"),
  Slip(
    "--kernel", "a: { kind: clamp, of: c.value }", "--kernel", "c: { kind: clamp, of: a.value }",
    says: "--kernel: kernels 'a', 'c' listen to each other in a circle; name a column in one of"
      + " them"),
  Slip(
    "--kernel", "statistics: { of: b, window: 1 min, compute: [mean, mode] }",
    says: "--kernel: an item of 'compute' cannot be 'mode'; write one of count, missing, mean,"
      + " min, max, range, variance, deviation, rms, time-weighted-mean, integral, rate,"
      + " direction, first, last, median, p1, p5, p10, p25, p75, p90, p95, p99"),
  Slip(
    "--time", "time", "--kernel", round,
    says: "there is no column 'time' for --time; write one of t, b"),
  Slip(
    "--unit", "b", "--kernel", round, says: "--unit 'b' has no unit; write COLUMN=Cel"),
  Slip("--unit", "b=", "--kernel", round, says: "--unit 'b=' has no unit; write COLUMN=Cel"),
  Slip(
    "--unit", "v=V", "--kernel", round,
    says: "--unit: there is no column 'v'; write one of t, b"),
  Slip(
    "--every", "1 s", "--rate", "1 Hz", "--kernel", round,
    says: "--every and --rate say the same; write one of them"),
  Slip(
    "--time", "t", "--every", "1s", "--kernel", round,
    says: "--every has no place beside the times of column 't'; leave it out"),
  Slip(
    "--time", "t", "--rate", "1Hz", "--kernel", round,
    says: "--rate has no place beside the times of column 't'; leave it out"),
  Slip(
    "--kernel", round, table: "b,time\n1,2026-01-31 12:00\n",
    says: "column 'time' looks like a time; write --time time, or --every 1s"),
  Slip(
    "--kernel", round, table: "b,the day\n1,\"2026-01-31\"\n",
    says: "column 'the day' looks like a time; write --time 'the day', or --every 1s"),
  Slip(
    "--from", "2026-01-31T12:00:00Z", "--kernel", round,
    says: "--from and --to are for logs; leave rows of a file out before"),
  Slip(
    "--format", "long", "--only-outputs", "--kernel", round,
    says: "--format long has nothing but outputs; leave --only-outputs out"),
  Slip(
    "--unit", "b=cel", "--kernel", round,
    says: "--unit: 'b' cannot be in 'cel'; did you mean 'Cel'?"),
  Slip(
    "--every", "0 s", "--kernel", round,
    says: "--every '0 s' is out of range; write for example '10 s'"),
  Slip(
    "--every", "10", "--kernel", round,
    says: "--every needs a unit: '10'; write for example '10 s'"),
  Slip(
    "--rate", "0 Hz", "--kernel", round,
    says: "--rate '0 Hz' is out of range; write for example '50 Hz'"),
  Slip(
    "--kernel", round, table: "t,b\n1,2\n\n3,4x\n",
    says: "TABLE:4: '4x' in column 'b' is no number; leave the field empty where there is none"),
  Slip(
    "--kernel", round, table: "t,b\n1,\"2,5\"\n",
    says: "TABLE:2: '2,5' in column 'b' is no number; write 2.5"),
  Slip(
    "--kernel", round, table: "t;b\n1;1.234,5\n",
    says: "TABLE:2: '1.234,5' in column 'b' is no number; leave the field empty where there is none"
  ),
  Slip(
    "--kernel", round, table: "t,b\n1,0x10\n",
    says: "TABLE:2: '0x10' in column 'b' is no number; write it in decimal"),
  Slip(
    "--time", "t", "--kernel", round, table: "t,b\n1,2\n31.01.2026,4\n",
    says: "TABLE:3: '31.01.2026' in column 't' \(noTime)"),
  Slip(
    "--time", "t", "--kernel", round, table: "t,b\n,2\n",
    says: "TABLE:2: '' in column 't' \(noTime)"),
  Slip(
    "--time", "t", "--kernel", round, table: "t,b\n2026-02-29,2\n",
    says: "TABLE:2: '2026-02-29' in column 't' \(noTime)"),
  Slip(
    "--time", "t", "--kernel", round, table: "t,b\n2016-12-31T23:59:60Z,2\n",
    says: "TABLE:2: '2016-12-31T23:59:60Z' in column 't' is a leap second, which has no place here;"
      + " write the second before"),
  Slip(
    "--time", "t", "--kernel", round, table: "t,b\n1066-10-14 09:00,2\n",
    says:
      "TABLE:2: '1066-10-14 09:00' in column 't' is out of range; the years from 1678 to 2261 can"
      + " be told"),
  Slip(
    "--kernel", round, table: "# a\nt,b\n1,2\n3\n",
    says: "TABLE:4: there is one field, but the header has 2; write all of them, empty where there"
      + " is nothing"),
  Slip(
    "--kernel", round, table: "t,b\n1,2,3\n",
    says: "TABLE:2: there are 3 fields, but the header has 2; write all of them, empty where there"
      + " is nothing"),
  Slip(
    "--kernel", round, table: "t,b\n\"1,2\n",
    says: "TABLE:2: a quoted field does not end on its line; close it, and write a quote in it"
      + " twice"),
  Slip(
    "--kernel", round, table: "t,\"b\n1,2\n",
    says: "TABLE:1: a quoted field does not end on its line; close it, and write a quote in it"
      + " twice"),
  Slip(
    "--kernel", round, table: "b,b\n1,2\n",
    says: "TABLE:1: column 'b' stands twice; give each a name of its own"),
  Slip(
    "--kernel", round, table: "# only a comment\n\n",
    says: "TABLE:1: the table is empty; write the names of its columns on top"),
]

@Suite struct ComputeErrorTests {
  @Test(arguments: slips) private func `says what is wrong, where, and what to write instead`(
    _ slip: Slip
  ) async throws {
    let directory = try Directory()
    let path = try directory.write(slip.table, to: "table.csv")
    let outcome = try await Cairn.run(
      Cairn.path, ["compute", path] + slip.arguments, in: directory)
    let expected = slip.errors.split(separator: "TABLE", omittingEmptySubsequences: false)
      .joined(separator: path)
    #expect(outcome.errors == "cairn: \(expected)\n")
    #expect(outcome.output.isEmpty && outcome.code == 2)
  }

  @Test func `a unit that is none is told with those that are, as in a board file`() async throws {
    let directory = try Directory()
    let path = try directory.write("b\n1\n", to: "table.csv")
    let outcome = try await Cairn.run(
      "compute", path, "--unit", "b=Celsius", "--kernel", round, in: directory)
    #expect(
      outcome.errors.hasPrefix(
        "cairn: --unit: 'b' cannot be in 'Celsius'; write one of m, kg, s, A, K, cd, mol, Hz,"))
    #expect(outcome.errors.contains(" Cel,") && outcome.output.isEmpty && outcome.code == 2)
  }

  @Test func `a table with the newest row first is refused`() async throws {
    let directory = try Directory()
    let path = try directory.write("t,b\n30,1\n20,2\n20,3\n10,4\n", to: "table.csv")
    let outcome = try await Cairn.run(
      "compute", path, "--time", "t", "--kernel", round, in: directory)
    #expect(
      outcome.errors
        == "cairn: \(path):3: times only go back, the newest first; sort the rows by column 't'\n")
    #expect(outcome.output.isEmpty && outcome.code == 1)
  }

  @Test func `a file in UTF-16 is told as that`() async throws {
    let directory = try Directory()
    let path = directory.path("table.csv")
    let text = "t,b\n1,2\n"
    let little = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    for bytes in [[0xFF, 0xFE] + little, [0xFE, 0xFF] + big, little, big] {
      try Files.write(bytes, to: path)
      let outcome = try await Cairn.run("compute", path, "--kernel", round, in: directory)
      #expect(outcome.errors == "cairn: \(path):1: the file is in UTF-16; save it in UTF-8\n")
      #expect(outcome.output.isEmpty && outcome.code == 2)
    }
  }

  @Test func `files that cannot be read or written are told with the system's reason`()
    async throws
  {
    let directory = try Directory()
    let table = try directory.write("b\n1\n", to: "t.csv")
    let none = directory.path("none.csv")
    let missing = try await Cairn.run("compute", none, "--kernel", round, in: directory)
    #expect(
      missing.errors == "cairn: cannot read '\(none)': No such file or directory; name a CSV file"
        + " with a header, or the directory of a log\n")
    #expect(missing.code == 2)
    let target = directory.path("none/out.csv")
    let unwritten = try await Cairn.run(
      "compute", table, "--kernel", round, "--output", target, in: directory)
    #expect(
      unwritten.errors
        == "cairn: cannot write '\(target)': No such file or directory; name another file\n")
    #expect(unwritten.code == 2)
    let empty = try await Cairn.run("compute", directory.root, "--kernel", round, in: directory)
    #expect(empty.errors.contains("is '\(directory.root)' the directory of a log?"))
    #expect(empty.code == 1)
    let full = try await Cairn.run(
      "compute", table, "--kernel", round, "--output", "/dev/full", in: directory)
    #expect(full.code == 2 && full.errors.contains("No space left on device"))
  }
}
