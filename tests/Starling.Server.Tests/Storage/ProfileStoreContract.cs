using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server.Tests;

/// <summary>What every <see cref="IProfileStore"/> does. A durable one overrides <see cref="ReopenAsync"/> with a fresh store over the same place.</summary>
public abstract class ProfileStoreContract
{
    protected abstract ValueTask<IProfileStore> OpenAsync();

    /// <summary>The store as the next process finds it.</summary>
    protected abstract ValueTask<IProfileStore> ReopenAsync(IProfileStore store);

    [Fact]
    public async Task Profile_that_was_saved_is_loaded_whole()
    {
        var store = await OpenAsync();
        var links = Links("</lwm2m>;rt=\"oma.lwm2m\";ct=\"60 112\",</lwm2m/1/0>,</lwm2m/3>;ver=\"1.1\",</lwm2m/3/0>");
        await store.SaveAsync(new StoredProfile("oma:meter", Links("</1/0>")), default);
        await store.SaveAsync(new StoredProfile("oma:meter", links), default);
        await store.SaveAsync(new StoredProfile("6:27354b9a", Links("</1/0>,</3/0>")), default);
        var loaded = new List<StoredProfile>();
        await foreach (var profile in (await ReopenAsync(store)).LoadAllAsync(default))
        {
            loaded.Add(profile);
        }
        Assert.Equal(["6:27354b9a", "oma:meter"], loaded.Select(p => p.Id).Order(StringComparer.Ordinal));
        var meter = loaded.Single(p => p.Id == "oma:meter").Links;
        Assert.Equal((links.Root, links.Text), (meter.Root, meter.Text));
        Assert.Equal(links.Paths, meter.Paths);
        Assert.Equal(new ObjectVersion(1, 1), meter.Versions[3]);
        Assert.Equal([new ContentFormat(60), new ContentFormat(112)], meter.Formats);
    }

    private static LinkList Links(string text)
    {
        Assert.True(LinkList.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var links));
        return links;
    }
}
