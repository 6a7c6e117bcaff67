import Board
import Quantities
import Testing

@Suite struct QARTODLimitTests {
  @Test(
    arguments: [
      (
        "spike: { suspect: 4, fail: 2 }",
        "'spike' has a 'fail' below its 'suspect'; write the larger distance as 'fail'"
      ),
      (
        "spike: {}",
        "'spike' needs a 'suspect' or a 'fail' above zero;"
          + " write for example 'spike: { suspect: 1, fail: 2 }'"
      ),
      (
        "spike: { suspect: -1, fail: -2 }",
        "'spike' needs a 'suspect' or a 'fail' above zero;"
          + " write for example 'spike: { suspect: 1, fail: 2 }'"
      ),
      (
        "rate-of-change: { suspect: 4, fail: 2 }",
        "'rate-of-change' has a 'fail' below its 'suspect'; write the larger change as 'fail'"
      ),
      (
        "rate-of-change: { suspect: -4 }",
        "'rate-of-change' has a change below zero;"
          + " write its size, as falling values are tested as well"
      ),
      (
        "flat-line: { suspect-after: 1 h, fail-after: 10 min, tolerance: 1 }",
        "'flat-line' has a 'fail-after' shorter than its 'suspect-after';"
          + " write the longer time as 'fail-after'"
      ),
      (
        "attenuated-signal: { suspect: 1, fail: 2, period: 1 h }",
        "'attenuated-signal' has a 'fail' above its 'suspect';"
          + " write the smaller spread as 'fail'"
      ),
      (
        "climatology: { a: { period: month, from: 1, through: 2, suspect: 0..9, fail: 1..9 } }",
        "the season 'a' has a 'suspect' that reaches beyond its 'fail'; write a span inside it"
      ),
      (
        "climatology: { a: { period: month, from: 1, through: 13, suspect: 0..9 } }",
        "the season 'a' has 'through: 13', which is no month; write a number from 1 to 12"
      ),
      (
        "climatology: { a: { period: day-of-week, from: 7, through: 1, suspect: 0..9 } }",
        "the season 'a' has 'from: 7', which is no day-of-week; write a number from 0 to 6"
      ),
    ])
  func `limits in the wrong order are refused`(_ test: String, _ fault: String) throws {
    let line = "q: { kind: qartod, of: t, interval: 1 min, \(test) }"
    #expect(try faults(line, over: [column("t")]) == [fault])
  }

  @Test(arguments: [
    "spike: { suspect: 2, fail: 2 }", "spike: { fail: 2 }",
    "rate-of-change: { suspect: 2, fail: 2 }",
    "flat-line: { suspect-after: 1 h, fail-after: 1 h, tolerance: 1 }",
    "attenuated-signal: { suspect: 1, fail: 1, period: 1 h }",
    "climatology: { a: { period: month, from: 11, through: 2, suspect: 0..9, fail: 0..9 } }",
  ])
  func `equal limits, and seasons round the turn, are taken`(_ test: String) throws {
    let line = "q: { kind: qartod, of: t, interval: 1 min, \(test) }"
    #expect(try faults(line, over: [column("t")]).isEmpty)
  }
}
