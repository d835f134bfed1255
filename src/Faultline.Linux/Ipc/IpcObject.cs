using System.Buffers.Binary;
using Faultline.Linux.Abi;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Ipc;

/// <summary>What System V objects have in common (kern_ipc_perm): a key, an id, owners and permissions. Guarded by its table's lock.</summary>
internal abstract class IpcObject
{
    /// <summary>Bytes of struct ipc64_perm.</summary>
    public const int PermissionsSize = 48;

    /// <summary>The key; IPC_PRIVATE (0) for none.</summary>
    public int Key { get; set; }

    /// <summary>The id: a place in the table and a count of its reuse.</summary>
    public int Id { get; set; }

    /// <summary>Owner, which IPC_SET may change.</summary>
    public uint UserId { get; set; }

    /// <summary>Group, likewise.</summary>
    public uint GroupId { get; set; }

    /// <summary>Who made it.</summary>
    public uint CreatorUserId { get; set; }

    /// <summary>Their group.</summary>
    public uint CreatorGroupId { get; set; }

    /// <summary>Permission bits.</summary>
    public uint Mode { get; set; }

    /// <summary>Removed: those who still wait get EIDRM.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>When it was made or last changed, in seconds.</summary>
    public long ChangeTime { get; set; }

    /// <summary>Whether a thread may do what permission bits (in any of the three places) ask; 0 or -EACCES (ipcperms).</summary>
    public int Check(Task task, uint wanted)
    {
        Credentials who = task.Credentials;
        uint asked = (wanted >> 6) | (wanted >> 3) | wanted;
        bool isOwner = who.Euid == CreatorUserId || who.Euid == UserId;
        bool isGroup = IsIn(who, GroupId) || IsIn(who, CreatorGroupId);
        uint granted = isOwner ? Mode >> 6 : isGroup ? Mode >> 3 : Mode;
        return (asked & ~granted & 7) != 0 && !who.IsPrivileged ? -Errno.EACCES : 0;
    }

    /// <summary>Whether a thread may remove or change it; 0 or -EPERM.</summary>
    public int CheckOwner(Task task)
    {
        Credentials who = task.Credentials;
        return who.Euid == CreatorUserId || who.Euid == UserId || who.IsPrivileged ? 0 : -Errno.EPERM;
    }

    /// <summary>Fills a struct ipc64_perm.</summary>
    public virtual void WritePermissions(Span<byte> bytes)
    {
        bytes[..PermissionsSize].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Key);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], UserId);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], GroupId);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], CreatorUserId);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], CreatorGroupId);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[20..], Mode);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[24..], (ushort)(Id >> IpcLimits.IndexBits));
    }

    /// <summary>Takes owner, group and permissions of a struct ipc64_perm (IPC_SET).</summary>
    public void ReadPermissions(ReadOnlySpan<byte> bytes)
    {
        UserId = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        GroupId = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        Mode = (Mode & ~0x1FFu) | (BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]) & 0x1FF);
    }

    private static bool IsIn(Credentials who, uint group) => who.Egid == group || Array.IndexOf(who.Groups, group) >= 0;
}
