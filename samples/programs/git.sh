# A local repository: commits, branches, a merge, gc, a clone.
# needs: git
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
export GIT_AUTHOR_DATE='2024-01-01T00:00:00Z' GIT_COMMITTER_DATE='2024-01-01T00:00:00Z' GIT_CONFIG_GLOBAL=/dev/null
git init -q -b main one; cd one || exit 1
for i in 1 2 3 4 5; do seq $i 200 > file$i; git add .; git commit -qm "commit $i"; done
git checkout -qb side HEAD~2; echo side > side; git add side; git commit -qm side
git checkout -q main; git merge -q -m merge side
git log --oneline --graph
git gc -q; git fsck --strict
git clone -q . ../two; cd ../two || exit 1
git rev-parse HEAD; git ls-files; git status --short | wc -l
git diff HEAD~1 --stat | tail -1; git blame -s file3 | tail -1
