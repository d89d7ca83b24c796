namespace Starling.Lwm2m.Tests;

public class NotificationAttributesTests
{
    [Fact]
    public void Write_changes_what_it_names_and_leaves_the_rest()
    {
        var attached = Parse("pmin=1&pmax=10&gt=5&lt=2&st=1");

        Assert.Equal(Parse("pmin=3&pmax=10&gt=5&lt=2&st=1"), attached.Apply(Parse("pmin=3")));
        Assert.Equal(Parse("pmax=10&gt=5&lt=2&st=1"), attached.Apply(Parse("pmin")));
        Assert.Equal(NotificationAttributes.None, attached.Apply(Parse("pmin&pmax&gt&lt&st")));
        Assert.Equal(AttributeNames.None, attached.Apply(Parse("pmin")).Unset);
    }

    [Theory]
    [InlineData("pmin")]
    [InlineData("pmax")]
    [InlineData("gt")]
    [InlineData("lt")]
    [InlineData("st")]
    [InlineData("epmin")]
    [InlineData("epmax")]
    [InlineData("edge")]
    [InlineData("con")]
    [InlineData("hqmax")]
    public void Every_attribute_is_set_kept_inherited_and_unset(string name)
    {
        var set = Parse(name + "=1");
        Assert.NotEqual(AttributeNames.None, set.Names);
        Assert.Equal(set, NotificationAttributes.None.Apply(set));
        Assert.Equal(set, set.Apply(Parse(name == "pmin" ? "pmax" : "pmin")));
        Assert.Equal(set, NotificationAttributes.None.InheritFrom(set));
        Assert.Equal(set with { }, set.InheritFrom(Parse(name + "=0")));
        Assert.Equal(NotificationAttributes.None, set.Apply(Parse(name)));
        Assert.Equal(NotificationAttributes.None, set.Without(set.Names));
    }

    [Fact]
    public void Lower_level_hides_the_upper_by_name()
    {
        var resource = Parse("pmin=5&gt=1");
        var instance = Parse("pmin=1&pmax=20");
        var server = Parse("pmin=0&pmax=30&st=9");

        Assert.Equal(Parse("pmin=5&pmax=20&gt=1&st=9"), resource.InheritFrom(instance).InheritFrom(server));
        Assert.Equal(resource, resource.InheritFrom(NotificationAttributes.None));
    }

    [Theory]
    [InlineData("lt=1&gt=2", null)]
    [InlineData("lt=2&gt=2", "lt=2 must be less than gt=2")]
    [InlineData("lt=3&gt=2", "lt=3 must be less than gt=2")]
    [InlineData("lt=20&gt=85&st=10", null)]
    [InlineData("lt=20&gt=40&st=10", "lt + 2·st must be less than gt")]
    [InlineData("lt=20&st=10", null)]
    [InlineData("st=0", "st=0 must be greater than 0")]
    [InlineData("st=-1", "st=-1 must be greater than 0")]
    [InlineData("pmin=60&pmax=10", null)]
    [InlineData("epmin=5&epmax=6", null)]
    [InlineData("epmin=5&epmax=5", "epmin=5 must be less than epmax=5")]
    [InlineData("epmin=6&epmax=5", "epmin=6 must be less than epmax=5")]
    [InlineData("epmin=6", null)]
    [InlineData("edge=0&con=0&hqmax=0", null)]
    public void Rules_between_attributes_are_checked(string query, string? wanted) => Assert.Equal(wanted, Parse(query).Conflict());

    [Theory]
    [InlineData("pmax=60", 60L)]
    [InlineData("pmax=0", null)]
    [InlineData("pmin=10", null)]
    [InlineData("pmin=60&pmax=10", null)]
    [InlineData("pmin=10&pmax=10", 10L)]
    public void Pmax_counts_unless_it_is_0_or_less_than_pmin(string query, long? wanted) => Assert.Equal(wanted, Parse(query).EffectiveMaximumPeriod);

    [Theory]
    [InlineData("/3303", "gt=1", ValueKind.Float, false)]
    [InlineData("/3303/0", "st=1", ValueKind.Float, false)]
    [InlineData("/3303/0", "st", ValueKind.Float, false)]
    [InlineData("/3303/0", "pmin=1&pmax=2", ValueKind.Float, true)]
    [InlineData("/3303/0/5700", "gt=1", ValueKind.Float, true)]
    [InlineData("/3303/0/5700", "gt=1", ValueKind.Integer, true)]
    [InlineData("/3303/0/5700", "gt=1", ValueKind.Unsigned, true)]
    [InlineData("/3303/0/5700", "gt=1", ValueKind.Time, true)]
    [InlineData("/3303/0/5700/0", "lt=1", ValueKind.Float, true)]
    [InlineData("/3303/0/5700", "gt=1", ValueKind.String, false)]
    [InlineData("/3303/0/5700", "lt=1", ValueKind.Boolean, false)]
    [InlineData("/3303/0/5700", "pmin=1", ValueKind.String, true)]
    [InlineData("/3303/0/5700", "edge=1", ValueKind.Boolean, true)]
    [InlineData("/3303/0/5700/0", "edge=0", ValueKind.Boolean, true)]
    [InlineData("/3303/0/5700", "edge=1", ValueKind.Integer, false)]
    [InlineData("/3303/0", "edge", ValueKind.Boolean, false)]
    [InlineData("/3303", "epmin=1&epmax=2&con=1&hqmax=5", ValueKind.Float, true)]
    public void Conditions_on_values_belong_where_such_a_value_is(string path, string query, ValueKind type, bool fits) =>
        Assert.Equal(fits, Parse(query).Misplaced(Lwm2mPath.Parse(path), new ResourceDefinition { Id = 5700, Name = "x", Type = type }) is null);

    [Fact]
    public void Thresholds_on_an_unknown_resource_are_the_clients_to_judge() =>
        Assert.Null(Parse("gt=1").Misplaced(new(9999, 0, 1), null));

    private static NotificationAttributes Parse(string query)
    {
        Assert.True(AttributeQuery.TryParse(query, out var attributes, out var error), error);
        return attributes;
    }
}
