import Kernels
import Testing

/// Folds the bits of results into one number, in their order.
private struct Fold {
  private(set) var value: UInt64 = 0

  mutating func add(_ number: Double?) {
    // The bits of a NaN are the machine's own.
    guard let number, !number.isNaN else { return }
    var mixer = SplitMix(state: value ^ number.bitPattern)
    value = mixer.next()
  }
}

@Suite struct EnvironmentBitsTests {
  // Another machine must come to the same numbers; so must another way of cutting the stream.
  @Test func `formulas give the same bits on every machine`() {
    var fold = Fold()
    for t in stride(from: -60.0, through: 60, by: 0.75) {
      for h in stride(from: 0.5, through: 100, by: 3.25) {
        let pressure = 70_000 + 350 * h
        fold.add(WaterVapor.dewPoint(temperature: t, relativeHumidity: h))
        fold.add(WaterVapor.frostPoint(temperature: t, relativeHumidity: h))
        fold.add(WaterVapor.absoluteHumidity(temperature: t, relativeHumidity: h))
        fold.add(WaterVapor.pressureDeficit(temperature: t, relativeHumidity: h))
        fold.add(Psychrometrics.dewPoint(temperature: t, relativeHumidity: h))
        fold.add(
          Psychrometrics.wetBulb(temperature: t, relativeHumidity: h, pressure: pressure))
        fold.add(Psychrometrics.wetBulbByStull(temperature: t, relativeHumidity: h))
        fold.add(ThermalComfort.heatIndex(temperature: t, relativeHumidity: h))
        fold.add(ThermalComfort.windChill(temperature: t, windSpeed: h / 4))
        fold.add(
          Barometry.seaLevelPressure(
            stationPressure: pressure, elevation: h * 20, temperature: t))
      }
    }
    #expect(fold.value == 4_061_118_711_536_526_842)
  }

  @Test func `streams give the same bits on every machine, however they are cut`() throws {
    for part in [1, 7, 1000, 30_000] {
      var generator = SplitMix(state: 77)
      var fold = Fold()
      var wind = try #require(WindAverages())
      var model = try #require(HoltWinters(slotTime: 60_000_000_000, seasonLength: 30))
      let second: Int64 = 1_000_000_000
      let samples = (0..<30_000).map { index in
        (Int64(index) * second / 4, Double(generator.next() % 2500) / 100)
      }
      for batch in stride(from: 0, to: samples.count, by: part) {
        // A batch goes on with a copy of the state that the last one left.
        var (nextWind, nextModel) = (wind, model)
        for (time, value) in samples[batch..<min(batch + part, samples.count)] {
          let result = nextWind.accept(
            nanoseconds: time, speed: value, direction: value * 14)
          fold.add(result?.direction)
          fold.add(result?.directionDeviation)
          fold.add(result?.gust?.speed)
          fold.add(nextModel.accept(Sample(nanoseconds: time, value: value))?.forecast)
        }
        (wind, model) = (nextWind, nextModel)
      }
      fold.add(model.forecast(30)?.range()?.upperBound)
      fold.add(model.meanAbsoluteScaledError(horizon: 7))
      #expect(fold.value == 7_293_121_305_133_749_980)
    }
  }
}
