using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Starling.Platform.Tests;

[Collection(PlatformCollection.Name)]
public sealed class DeviceQueryTests(RunningPlatform platform)
{
    [Theory]
    [InlineData("", "/")]
    [InlineData("?q=a%26b&version=1.1&sort=contact&dir=desc&page=3", "/?q=a%26b&version=1.1&sort=Contact&dir=desc&page=3")]
    [InlineData("?version=9&sort=nothing&dir=up&page=-1", "/")]
    [InlineData("?page=99999999999&sort=17", "/")]
    public void Address_is_read_and_written(string address, string again) => Assert.Equal(again, Parse(address).Url);

    [Fact]
    public void Column_turns_round_when_it_is_chosen_again()
    {
        var query = Parse("?q=x&page=4").By(DeviceColumn.Contact);
        Assert.Equal("/?q=x&sort=Contact", query.Url);
        Assert.Equal("/?q=x&sort=Contact&dir=desc", query.By(DeviceColumn.Contact).Url);
    }

    [Theory]
    [InlineData("Endpoint")]
    [InlineData("Version")]
    [InlineData("Left")]
    [InlineData("Contact")]
    public async Task Pages_in_any_order_show_every_device_once(string column)
    {
        var wanted = new List<string>();
        for (var i = 0; i < DeviceQuery.PageSize + 5; i++)
        {
            wanted.Add($"q-{column[0]}-{i:D3}");
            await HandRegistration.RegisterAsync(platform.Coap, wanted[^1]);
        }
        try
        {
            var query = Parse($"?q=Q-{column[0]}-&sort={column}");
            var first = query.Run(platform.Server);
            var second = (query with { Page = 2 }).Run(platform.Server);
            Assert.Equal((wanted.Count, 2, DeviceQuery.PageSize, 5), (first.Total, first.Pages, first.Rows.Count, second.Rows.Count));
            Assert.Equal(wanted, first.Rows.Concat(second.Rows).Select(r => r.Registration.Endpoint).Order());
            Func<DeviceRow, IComparable> order = column switch
            {
                "Endpoint" => r => r.Registration.Endpoint,
                "Version" => r => r.Registration.Version.ToString(),
                "Left" => r => r.Registration.ExpiresAt!.Value,
                _ => r => r.Registration.UpdatedAt,
            };
            var turned = (query with { Descending = true }).Run(platform.Server).Rows;
            Assert.Equal(first.Rows.OrderBy(order), first.Rows);
            Assert.Equal(turned.OrderByDescending(order), turned);
            Assert.Equal(0, order(first.Rows.Concat(second.Rows).MaxBy(order)!).CompareTo(order(turned[0])));
            Assert.Equal(2, (query with { Page = 900 }).Run(platform.Server).Page);
        }
        finally
        {
            foreach (var name in wanted)
            {
                await platform.Server.RemoveAsync(new(name), CancellationToken.None);
            }
        }
    }

    private static DeviceQuery Parse(string address) => DeviceQuery.Parse(new QueryCollection(QueryHelpers.ParseQuery(address)));
}
