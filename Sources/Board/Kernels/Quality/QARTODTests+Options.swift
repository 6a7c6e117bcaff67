import Configuration
import Kernels

extension QARTODTests {
  private static let time: ClosedRange<Int128> = 1_000_000...2_419_200_000_000_000

  /// The keys of the board file.
  static var options: [OptionSpecification] {
    [
      OptionSpecification(
        "preset", .choice(presets.keys.sorted()), .optional,
        help:
          "published limits: WMO-No. 8 for surface stations with one-minute values, or WeatherXM's,"
          + " brought to the channel's unit; where that is not known pressures are in hPa;"
          + " what is written besides comes before them"),
      .time(
        "interval", time, .optional,
        help: "time between two samples; flat line, attenuated signal and timing need it"),
      OptionSpecification(
        "gross-range",
        .section([
          OptionSpecification(
            "fail", .interval, .required, help: "span of the sensor; outside a value fails"),
          OptionSpecification(
            "suspect", .interval, .optional, help: "span of the place; outside it is suspect"),
        ]), .optional, help: "values outside spans"),
      OptionSpecification(
        "climatology",
        .table(
          of: .section([
            OptionSpecification(
              "period", .choice(Climatology.Period.allCases.map(word)), .required,
              help: "by what the season is told, in UTC"),
            .count("from", 0...2261, .required, help: "first of the season"),
            .count(
              "through", 0...2261, .required,
              help: "last of the season; before the first it goes round the turn"),
            OptionSpecification(
              "suspect", .interval, .required, help: "span outside which a value is suspect"),
            OptionSpecification(
              "fail", .interval, .optional, help: "span outside which a value fails"),
          ])), .optional,
        help: "spans of seasons, by names of your choice; the last one that fits counts"),
      OptionSpecification(
        "spike",
        .section([
          .anyNumber("suspect", .optional, help: "distance from the neighbours that is suspect"),
          .anyNumber("fail", .optional, help: "distance that fails"),
          OptionSpecification(
            "method", .choice(["average", "differential"]), .standard("average"),
            help: "from the mean of both neighbours, or by the smaller of both steps"),
        ]), .optional, help: "a value away from its two neighbours"),
      OptionSpecification(
        "rate-of-change",
        .section([
          .anyNumber("suspect", .required, help: "change in a second that is suspect"),
          .anyNumber("fail", .optional, help: "change in a second that fails"),
        ]), .optional, help: "values that change too fast"),
      OptionSpecification(
        "flat-line",
        .section([
          .time("suspect-after", time, .required, help: "how long a value may not move"),
          .time("fail-after", time, .optional, help: "after how long it fails"),
          .anyNumber("tolerance", .required, help: "range below which a value does not move"),
        ]), .optional, help: "values that do not move"),
      OptionSpecification(
        "attenuated-signal",
        .section([
          .anyNumber("suspect", .required, help: "spread below which a signal is suspect"),
          .anyNumber("fail", .required, help: "spread below which it fails"),
          .time("period", time, .required, help: "time over which the spread is taken"),
          .time("min-period", time, .optional, help: "time that must have passed before"),
          .count(
            "min-observations", 2...1_000_000, .standard("10"), help: "values that must be there"
          ),
          OptionSpecification(
            "measure", .choice(["deviation", "range"]), .standard("deviation"),
            help: "standard deviation (divided by the count), or greatest less least"),
        ]), .optional, help: "signals whose spread has gone"),
      OptionSpecification(
        "sentinels", .list(.number(OptionKind.anyNumber)), .optional,
        help: "values that a sensor gives for want of a measurement, for example -7999 or 85"),
      OptionSpecification(
        "timing",
        .section([
          .time(
            "tolerance", 1000...86_400_000_000_000, .optional,
            help: "how far a stamp may be off; half the interval as is"),
          .time("max-gap", time, .optional, help: "gap after which the count begins anew"),
        ]), .optional, help: "missing, late and duplicate stamps"),
    ]
  }
}
