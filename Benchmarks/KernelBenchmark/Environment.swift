import Kernels

private let second: Int64 = 1_000_000_000

func timeEnvironment(_ bench: Bench) {
  formula(bench, "dew point (Magnus)") {
    WaterVapor.dewPoint(temperature: $0.value, relativeHumidity: $0.humidity)
  }
  formula(bench, "frost point (Magnus)") {
    WaterVapor.frostPoint(temperature: $0.value, relativeHumidity: $0.humidity)
  }
  formula(bench, "absolute humidity") {
    WaterVapor.absoluteHumidity(temperature: $0.value, relativeHumidity: $0.humidity)
  }
  formula(bench, "vapor pressure deficit") {
    WaterVapor.pressureDeficit(temperature: $0.value, relativeHumidity: $0.humidity)
  }
  formula(bench, "dew point (ASHRAE)") {
    Psychrometrics.dewPoint(temperature: $0.value, relativeHumidity: $0.humidity)
  }
  formula(bench, "humidity ratio (ASHRAE)") {
    Psychrometrics.humidityRatio(
      temperature: $0.value, relativeHumidity: $0.humidity, pressure: $0.pascals)
  }
  formula(bench, "enthalpy (ASHRAE)") {
    Psychrometrics.enthalpy(temperature: $0.value, humidityRatio: $0.humidity / 10_000)
  }
  formula(bench, "wet bulb, full solution") {
    Psychrometrics.wetBulb(
      temperature: $0.value, relativeHumidity: $0.humidity, pressure: $0.pascals)
  }
  formula(bench, "wet bulb (Stull)") {
    Psychrometrics.wetBulbByStull(temperature: $0.value, relativeHumidity: $0.humidity)
  }
  formula(bench, "heat index") {
    ThermalComfort.heatIndex(temperature: $0.value + 20, relativeHumidity: $0.humidity)
  }
  formula(bench, "wind chill") {
    ThermalComfort.windChill(temperature: $0.value - 20, windSpeed: $0.speed)
  }
  formula(bench, "sea-level pressure") {
    Barometry.seaLevelPressure(stationPressure: $0.pascals, elevation: 200, temperature: $0.value)
  }
  formula(bench, "wind components") {
    Wind.components(speed: $0.speed, direction: $0.direction).east
  }
  formula(bench, "air quality index") {
    Double(AirQualityIndex($0.humidity, of: .pm25)?.value ?? 0)
  }
  bench.time("NowCast, once an hour", Clocked(NowCast(of: .pm25))) {
    $0.kernel.accept($0.sample($1.humidity, 3600 * second)) ?? 0
  }
  bench.time("rain rate", RainRate()) {
    $0.accept(Sample(nanoseconds: $1.nanoseconds, value: 1)) ?? 0
  }
  bench.time("wind averages, 4 Hz", WindAverages().map { Clocked($0) }) {
    let time = $0.sample(0, second / 4).nanoseconds
    return $0.kernel.accept(nanoseconds: time, speed: $1.speed, direction: $1.direction)?
      .meanSpeed ?? 0
  }
}

@inline(__always)
private func formula(_ bench: Bench, _ name: String, _ value: (Point) -> Double) {
  bench.time(name, 0) { _, point in value(point) }
}

/// A kernel with a clock of its own, for one whose samples come at another pace.
struct Clocked<Kernel> {
  var kernel: Kernel
  var nanoseconds: Int64 = 0

  init(_ kernel: Kernel) { self.kernel = kernel }

  mutating func sample(_ value: Double, _ interval: Int64) -> Sample {
    nanoseconds += interval
    return Sample(nanoseconds: nanoseconds, value: value)
  }
}

func timeForecast(_ bench: Bench) {
  bench.time(
    "Holt-Winters, 24 slots of 60 samples",
    HoltWinters(slotTime: 3600 * second, seasonLength: 24)
  ) { $0.accept($1.sample)?.value ?? 0 }
  bench.time(
    "Holt-Winters, 1,440 slots of 1 sample",
    HoltWinters(slotTime: 60 * second, seasonLength: 1440)
  ) { $0.accept($1.sample)?.value ?? 0 }
}
