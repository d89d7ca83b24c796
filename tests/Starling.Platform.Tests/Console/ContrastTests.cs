using System.Globalization;
using System.Text.RegularExpressions;

namespace Starling.Platform.Tests;

/// <summary>What is written can be read (WCAG 2.2 §1.4.3, level AA), in both themes.</summary>
[Collection(PlatformCollection.Name)]
public sealed partial class ContrastTests(RunningPlatform platform)
{
    private const double Enough = 4.5;

    private static readonly (string Text, string Ground)[] _pairs =
    [
        ("ink", "ground"), ("ink", "card"), ("ink", "code"), ("muted", "ground"), ("muted", "card"), ("muted", "soft"), ("muted", "code"),
        ("accent", "ground"), ("accent", "card"), ("accent", "soft"), ("on-accent", "accent"),
        ("good", "good-soft"), ("warm", "warm-soft"), ("bad", "bad-soft"),
    ];

    [Theory]
    [InlineData(":root {")]
    [InlineData(":root:not([data-theme=\"light\"]) {")]
    [InlineData(":root[data-theme=\"dark\"] {")]
    public async Task Text_stands_out_from_its_ground(string theme)
    {
        var style = await platform.Http.GetStringAsync("/console/console.css");
        var begin = style.IndexOf(theme, StringComparison.Ordinal);
        var colors = Color().Matches(style[begin..style.IndexOf('}', begin)]).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        Assert.All(_pairs, pair => Assert.True(Contrast(colors[pair.Text], colors[pair.Ground]) >= Enough, $"{pair} in {theme}"));
    }

    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string hex) => (0.2126 * Channel(hex, 0)) + (0.7152 * Channel(hex, 2)) + (0.0722 * Channel(hex, 4));

    private static double Channel(string hex, int at)
    {
        var share = byte.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
    }

    [GeneratedRegex("--([a-z-]+): #([0-9a-f]{6})")]
    private static partial Regex Color();
}
