namespace Starling.Lwm2m.Tests;

public class ValueRulesTests
{
    public static TheoryData<ValueKind, string, Lwm2mValue, string?> Cases => new()
    {
        // types
        { ValueKind.Integer, "", 5, null },
        { ValueKind.Integer, "", 5.0, null },
        { ValueKind.Integer, "", 5.5, "is 5.5, which is no Integer" },
        { ValueKind.Integer, "", "5", "is '5', which is no Integer" },
        { ValueKind.Integer, "", true, "is true, which is no Integer" },
        { ValueKind.Unsigned, "", -1, "is -1, which is no Unsigned" },
        { ValueKind.Unsigned, "", Lwm2mValue.Unsigned(ulong.MaxValue), null },
        { ValueKind.Float, "", 5, null },
        { ValueKind.Boolean, "", 1, "is 1, which is no Boolean" },
        { ValueKind.Boolean, "", false, null },
        { ValueKind.Time, "", 1700000000, null },
        { ValueKind.String, "", "text", null },
        { ValueKind.String, "", new byte[] { 1, 2 }, "is 2 bytes, which is no String" },
        { ValueKind.Opaque, "", "text", "is 'text', which is no Opaque" },
        { ValueKind.ObjectLink, "", "3:0", null },
        { ValueKind.ObjectLink, "", "3/0", "is '3/0', which is no ObjectLink" },
        { ValueKind.CoreLink, "", "</3/0>", null },
        { ValueKind.CoreLink, "", "", null },
        { ValueKind.CoreLink, "", "/3/0>", "is no list of links as in </3/0>,</5>" },
        { ValueKind.String, "", Lwm2mValue.Null, "has no value" },
        { ValueKind.String, "", Lwm2mValue.None, "has no value" },
        // ranges of numbers
        { ValueKind.Integer, "0..100", 0, null },
        { ValueKind.Integer, "0..100", 100, null },
        { ValueKind.Integer, "0..100", 101, "is 101, outside 0..100" },
        { ValueKind.Integer, "0..100", -1, "is -1, outside 0..100" },
        { ValueKind.Integer, "-110..-48", -50, null },
        { ValueKind.Integer, "-110..-48", -47, "is -47, outside -110..-48" },
        { ValueKind.Integer, "1...15", 15, null },
        { ValueKind.Integer, "1...15", 16, "is 16, outside 1...15" },
        { ValueKind.Integer, "1,2,5", 5, null },
        { ValueKind.Integer, "1,2,5", 3, "is 3, outside 1,2,5" },
        { ValueKind.Integer, "0..3, 7", 7, null },
        { ValueKind.Integer, "0..3, 7", 5, "is 5, outside 0..3, 7" },
        { ValueKind.Unsigned, "0..18446744073709551614", Lwm2mValue.Unsigned(ulong.MaxValue), "is 18446744073709551615, outside 0..18446744073709551614" },
        { ValueKind.Float, "0..1", 0.5, null },
        { ValueKind.Float, "0.5..1.5", 1.6, "is 1.6, outside 0.5..1.5" },
        { ValueKind.Float, "0..1", double.NaN, "is NaN, outside 0..1" },
        // what is no range is no rule
        { ValueKind.Integer, "255", 1000, null },
        { ValueKind.Integer, "8-Bits", 1000, null },
        { ValueKind.Integer, "see the standard", 1000, null },
        { ValueKind.Integer, "0..100 or so", 1000, null },
        { ValueKind.Integer, "15..1", 1000, null },
        { ValueKind.String, "0..255 bytes", new string('x', 300), null },
        // lengths
        { ValueKind.String, "0..3", "äx", null },
        { ValueKind.String, "0..3", "ää", "is 4 bytes long, outside 0..3" },
        { ValueKind.String, "2..3", "a", "is 1 bytes long, outside 2..3" },
        { ValueKind.String, "32", new string('x', 32), null },
        { ValueKind.String, "32", new string('x', 33), "is 33 bytes long, outside 32" },
        { ValueKind.Opaque, "1,2", new byte[2], null },
        { ValueKind.Opaque, "1,2", new byte[3], "is 3 bytes long, outside 1,2" },
        // texts
        { ValueKind.String, "\"U\", \"T\"", "T", null },
        { ValueKind.String, "\"U\", \"T\"", "X", "is 'X', none of \"U\", \"T\"" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Value_fits_or_the_reason_is_told(ValueKind type, string range, Lwm2mValue value, string? reason) =>
        Assert.Equal(reason, ValueRules.Check(new ResourceDefinition { Id = 0, Name = "x", Type = type, Range = range }, value, out _));

    [Fact]
    public void Value_comes_in_the_type_of_its_resource()
    {
        Assert.Null(ValueRules.Check(new ResourceDefinition { Id = 0, Name = "x", Type = ValueKind.Float }, 5, out var fitting));
        Assert.Equal(Lwm2mValue.Float(5), fitting);
    }

    [Fact]
    public void What_is_executed_takes_no_value_and_an_untold_type_takes_any()
    {
        var executed = new ResourceDefinition { Id = 4, Name = "Reboot", Operations = ResourceOperations.Execute };
        var untold = new ResourceDefinition { Id = 5, Name = "x", Operations = ResourceOperations.Read };

        Assert.Equal("is executed and takes no value", ValueRules.Check(executed, 1, out _));
        Assert.Null(ValueRules.Check(untold, "any", out _));
    }

    [Fact]
    public void Long_text_is_cut_where_it_is_shown() =>
        Assert.Equal($"is '{new string('x', 40)}…', which is no Integer", ValueRules.Check(new ResourceDefinition { Id = 0, Name = "x", Type = ValueKind.Integer }, new string('x', 5000), out _));

    [Fact]
    public void Ranges_of_the_standard_objects_are_all_understood()
    {
        // A rule that is not understood lets everything pass: then something far outside would.
        var ruled = ObjectCatalog.Standard.All.SelectMany(d => d.Resources).Where(r => r.Range.Length > 0).ToArray();

        Assert.NotEmpty(ruled);
        Assert.All(ruled, r => Assert.NotNull(ValueRules.Check(r, Far(r.Type), out _)));
    }

    private static Lwm2mValue Far(ValueKind type) => type switch
    {
        ValueKind.Float => 1e9,
        ValueKind.String => new string('x', 70_000),
        ValueKind.Opaque => new byte[70_000],
        _ => 1_000_000_000,
    };
}
