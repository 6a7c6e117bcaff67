import BrokerTesting
import Testing

/// Tables as other programs write them.
@Suite struct ComputeFormTests {
  private let directory: Directory

  init() throws { directory = try Directory() }

  private func compute(_ text: String, _ arguments: String...) async throws -> ComputedTable {
    try await ComputedTable(text: text, arguments, in: directory)
  }

  private let half = "half: { kind: calibrate-linear, of: b, points: [0 -> 0, 1 -> 0.5] }"

  @Test func `tabs separate where the header has more of them`() async throws {
    let result = try await compute("a, x\tb\tc\n1,5\t3\t\n", "--kernel", half)
    #expect(result.lines == ["a, x\tb\tc\thalf.value", "1,5\t3\t\t1.5"])
  }

  @Test func `blanks around a name are not part of it`() async throws {
    let result = try await compute("a, b ,\t\"c\" \n1, 4 ,2\n", "--kernel", half, "--unit", "c=V")
    #expect(result.lines == ["a, b ,\t\"c\" ,half.value", "1, 4 ,2,2"])
  }

  @Test func `columns of one name are refused only where one of them is used`() async throws {
    let result = try await compute("a,b,a,,\n1,4,2,,\n", "--kernel", half)
    #expect(result.lines == ["a,b,a,,,half.value", "1,4,2,,,2"])
    let path = try directory.write("# two\nt,b,b\n1,2,3\n", to: "twice.csv")
    let refusal = "cairn: \(path):2: column 'b' stands twice; give each a name of its own\n"
    for arguments in [["--kernel", half], ["--time", "b", "--kernel", "clamp: { of: t }"]] {
      let outcome = try await Cairn.run(Cairn.path, ["compute", path] + arguments, in: directory)
      #expect(outcome.errors == refusal && outcome.code == 2)
    }
    let merged = try await Cairn.run("merge", path, "--column", "b", in: directory)
    #expect(merged.errors == refusal && merged.code == 2)
  }

  @Test func `decimal commas are read and written where no comma separates fields`() async throws {
    let semicolons = try await compute("a;b\nx;1,5\ny;-2\nz;3,25e1\n", "--kernel", half)
    #expect(semicolons.lines == ["a;b;half.value", "x;1,5;0,75", "y;-2;-1", "z;3,25e1;16,25"])
    let points = try await compute("a;b\nx;1.5\n", "--kernel", half)
    #expect(points.lines == ["a;b;half.value", "x;1.5;0.75"])
    let long = try await compute("a;b\nx;1,5\n", "--kernel", half, "--format", "long")
    #expect(long.lines == ["time,name,value,unit", "0,half.value,0.75,"])
  }

  @Test(arguments: [
    ["2026-01-31", "2026-02-01", "2026-02-02"],
    ["2026-01-31 12:00", "2026-01-31 13:00", "2026-02-02T00:00"],
    ["2026-01-31T12:00Z", "2026-02-01T01:30+01:30", "2026-02-02T23:00-01:00"],
    ["1969-12-30 12:00:00", "1969-12-31", "1970-01-01 00:00:00.000001"],
    ["-172800", "-86400.5", "0"], ["1678-01-01", "1678-01-02", "2261-12-31 23:59:59"],
    ["1769817600000000", "1769904000000000", "1769990400000000"],
    [" 2026-01-31 12:00", "\"2026-02-01\" ", " 1769990400"],
  ])
  func `days, minutes, microseconds and times before 1970 are times`(_ times: [String])
    async throws
  {
    let result = try await compute(
      "time,b\n" + times.enumerated().map { "\($1),\($0 + 1)\n" }.joined(), "--time", "time",
      "--only-outputs", "--kernel",
      "w: { kind: statistics, of: b, window: 1 d, compute: last }")
    let values = try result["w.last"]
    // The last row begins a day, so that one day at least is closed by it.
    #expect(values.last == "2" && values.first == "", "\(values)")
  }

  @Test func `output is short for those who know it from elsewhere`() async throws {
    let table = try directory.write("b\n4\n", to: "t.csv")
    let (file, sketch) = (directory.path("out.csv"), directory.path("sketch"))
    let computed = try await Cairn.run(
      "compute", table, "--kernel", half, "-o", file, in: directory)
    #expect(computed.code == 0 && computed.output.isEmpty)
    #expect(try directory.text(of: file) == "b,half.value\n4,2\n")
    let merged = try await Cairn.run("merge", table, "--column", "b", "-o", sketch, in: directory)
    #expect(merged.code == 0 && Files.exists(sketch))
    let again = try await Cairn.run("merge", sketch, in: directory)
    #expect(again.output == merged.output && again.code == 0)
  }
}
