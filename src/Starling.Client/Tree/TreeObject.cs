using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>An object of the tree with its instances. Immutable.</summary>
internal sealed record TreeObject(ObjectDefinition Definition)
{
    /// <summary>In order of their numbers.</summary>
    public ObjectInstance[] Instances { get; init; } = [];

    /// <summary>How servers create instances; null when they may not.</summary>
    public InstanceCreation? Creation { get; init; }

    public int Id => Definition.Id;

    public ObjectInstance? Find(int instanceId)
    {
        foreach (var instance in Instances)
        {
            if (instance.Id == instanceId)
            {
                return instance;
            }
        }
        return null;
    }

    /// <summary>The smallest number that no instance has.</summary>
    public int FreeId()
    {
        var id = 0;
        foreach (var instance in Instances)
        {
            if (instance.Id != id)
            {
                break;
            }
            id++;
        }
        return id;
    }
}
