using Faultline.Linux.Abi;
using Faultline.Linux.Host;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Fs.Host;

/// <summary>An open directory of the host. Owns a reference to its <see cref="HostDirectory"/>.</summary>
internal sealed class HostDirectoryFile(HostDirectory directory, int flags) : OpenFile(flags)
{
    private readonly HostFileSystem _fileSystem = (HostFileSystem)directory.FileSystem;

    /// <inheritdoc/>
    public override string Path => Vfs.FileSystem.Join(_fileSystem.MountPath, _fileSystem.PathOf(directory.Handle) ?? directory.Path);

    /// <inheritdoc/>
    public override DirectoryNode? Directory => directory;

    /// <inheritdoc/>
    public override bool CanPoll => false;

    /// <inheritdoc/>
    public override IAttributes? Attributes => new HostAttributes(Files, directory.Handle, "", _fileSystem.IsReadOnly);

    private IHostFiles Files => _fileSystem.Files;

    /// <inheritdoc/>
    public override long Read(Span<byte> buffer) => -Errno.EISDIR;

    /// <inheritdoc/>
    public override long ReadAt(Span<byte> buffer, long offset) => -Errno.EISDIR;

    /// <inheritdoc/>
    public override long Seek(long offset, int whence) => Files.Seek(directory.Handle, offset, whence);

    /// <inheritdoc/>
    public override int Stat(out FileStatus status) => Files.Stat(directory.Handle, "", out status);

    /// <inheritdoc/>
    public override int StatFileSystem(out FileSystemStatus status) => Files.StatFileSystem(directory.Handle, out status);

    /// <inheritdoc/>
    public override int ReadDirectory(Span<byte> buffer) => Files.ReadDirectory(directory.Handle, buffer);

    /// <inheritdoc/>
    public override int Sync(bool dataOnly) => Files.Sync(directory.Handle, dataOnly);

    /// <inheritdoc/>
    public override int ChangeMode(uint mode) => _fileSystem.IsReadOnly ? -Errno.EROFS : Files.ChangeMode(directory.Handle, "", mode);

    /// <inheritdoc/>
    public override int ChangeOwner(uint user, uint group) => _fileSystem.IsReadOnly ? -Errno.EROFS : Files.ChangeOwner(directory.Handle, "", user, group);

    /// <inheritdoc/>
    public override int SetTimes(FileTime accessed, FileTime modified) => _fileSystem.IsReadOnly ? -Errno.EROFS : Files.SetTimes(directory.Handle, "", accessed, modified);

    /// <inheritdoc/>
    public override int Access(int mode, bool effective) => Files.Access(directory.Handle, "", mode, effective);

    /// <inheritdoc/>
    public override int Lock(int operation) => Files.Lock(directory.Handle, operation | Abi.Files.FlockOperations.LOCK_NB);

    /// <inheritdoc/>
    public override int Reopen(int flags, out OpenFile? file) => _fileSystem.Open(directory, "", flags & ~O_CREAT, 0, out file);

    /// <inheritdoc/>
    protected override void OnClose() => directory.Release();
}
