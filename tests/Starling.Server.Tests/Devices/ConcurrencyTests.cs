using Starling.Coap;
using Starling.Testing;

namespace Starling.Server.Tests;

/// <summary>Many threads at one registry: what is left must be in order.</summary>
public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Registers_updates_and_deregisters_of_the_same_devices_leave_the_tables_in_order()
    {
        await using var rig = await ServerRig.StartAsync();
        Threads.Run(4, worker =>
        {
            var random = new Random(worker);
            var locations = new string[8];
            for (var i = 0; i < 5000; i++)
            {
                var device = random.Next(8);
                var answer = random.Next(4) switch
                {
                    0 when locations[device] is { } at => Ask(Requests.Delete(at)),
                    1 or 2 when locations[device] is { } at => Ask(Requests.Post(at)),
                    _ => Ask(Requests.Post("rd", $"ep=d{device}&lt=60&lwm2m=1.1", "</1/0>,</3/0>")),
                };
                if (answer.Code == CoapCode.Created)
                {
                    locations[device] = answer.Location();
                }
            }

            CoapMessage Ask(CoapMessage request) => rig.AskAsync(request, $"10.0.8.{worker}:1").GetAwaiter().GetResult();
        });
        var listed = rig.Server.List(null, 100);
        Assert.Equal(rig.Server.Count, listed.Count);
        Assert.All(listed, d => Assert.Same(d, rig.Server.FindRegistration(d.Registration.Id)));
        var counters = rig.Server.Counters;
        Assert.Equal(20_000, counters.Registers + counters.Updates + counters.Deregisters + counters.Rejections);
        foreach (var device in listed)
        {
            Assert.True(await rig.Server.RemoveAsync(device.Key, CancellationToken.None));
        }
        Assert.All(rig.Host.Peers, p => Assert.False(p.IsHeld));
        rig.Time.Advance(TimeSpan.FromSeconds(200));
        Assert.Equal(0, rig.Server.Counters.Expirations);
    }
}
