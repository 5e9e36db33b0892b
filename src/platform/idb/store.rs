//! The contract of [`EventStore`] on a database connection.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use duebook_journal::{
    Append, AppendError, Appended, CommandId, CommandSeen, Digest, EventStore, Head, LoadFrom,
    Obstacle, RawCommit, RawLog, SNAPSHOTS_KEPT, SealedCommit, Snapshot, SnapshotWrite, StoreError,
    TextId, TextRecord, check_contiguous,
};
use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::{IdbKeyRange, IdbRequest};

use super::tx::{Purpose, Tx, bump, result};
use super::{BLOCKS, BY_COMMAND, COMMITS, IdbStore, META, SEGMENTS, SNAPSHOTS, TEXTS, records};
use crate::platform::js::{self, JsFailure};

impl IdbStore {
    /// One read transaction: queue with `queue`, read the results after `complete`. A dead
    /// connection is opened again once.
    async fn read<T>(
        &self,
        stores: &[&str],
        queue: impl Fn(&Tx) -> Result<T, JsFailure>,
    ) -> Result<T, StoreError> {
        match self.read_once(stores, &queue).await {
            Err(StoreError::Closed) => self.read_once(stores, &queue).await,
            answer => answer,
        }
    }

    async fn read_once<T>(
        &self,
        stores: &[&str],
        queue: &impl Fn(&Tx) -> Result<T, JsFailure>,
    ) -> Result<T, StoreError> {
        let database = self.database().await?;
        let queued = || -> Result<(Tx, T), JsFailure> {
            let tx = Tx::open(&database, stores, Purpose::Read)?;
            let requests = queue(&tx)?;
            Ok((tx, requests))
        };
        let (tx, requests) = queued().map_err(|failure| self.failed(failure))?;
        tx.done().await.map_err(|failure| self.failed(failure))?;
        Ok(requests)
    }

    /// One write transaction: queue everything with `queue`, await `complete`.
    async fn write(
        &self,
        stores: &[&str],
        purpose: Purpose,
        queue: impl FnOnce(&Tx) -> Result<(), JsFailure>,
    ) -> Result<(), StoreError> {
        let database = self.database().await?;
        let tx = Tx::open(&database, stores, purpose).map_err(|failure| self.failed(failure))?;
        if let Err(failure) = queue(&tx) {
            tx.abort();
            return Err(self.failed(failure));
        }
        tx.done().await.map_err(|failure| self.failed(failure))
    }

    fn value(&self, request: &IdbRequest) -> Result<JsValue, StoreError> {
        result(request).map_err(|failure| self.failed(failure))
    }

    fn raw_commits(&self, request: &IdbRequest) -> Result<Vec<RawCommit>, StoreError> {
        let list = Array::from(&self.value(request)?);
        list.iter()
            .map(|record| records::commit_of(&record))
            .collect()
    }

    async fn snapshot_keys(&self) -> Result<Vec<u64>, StoreError> {
        let request = self
            .read(&[SNAPSHOTS], |tx| {
                Ok(tx.store(SNAPSHOTS)?.get_all_keys()?)
            })
            .await?;
        let list = Array::from(&self.value(&request)?);
        Ok(list
            .iter()
            .filter_map(|key| records::seq_of(&key))
            .collect())
    }

    fn snapshot_of(&self, request: &IdbRequest) -> Result<Option<Snapshot>, StoreError> {
        let value = self.value(request)?;
        if value.is_undefined() {
            return Ok(None);
        }
        let bytes = records::bytes_of(&value, "snapshot")?;
        // One that cannot be read is as good as none: the log is the truth.
        Ok(Snapshot::decode(&bytes))
    }

    /// Why commits could not be added: looked up afterwards, in a transaction of its own.
    async fn obstacle(&self, commit: &SealedCommit, first: bool) -> Result<Obstacle, StoreError> {
        let behind = commit.behind();
        let (seen, before, taken) = self
            .read(&[COMMITS], |tx| {
                let commits = tx.store(COMMITS)?;
                let by_command = commits.index(BY_COMMAND)?;
                Ok((
                    by_command.get(&commit.command().to_string().into())?,
                    commits.get(&records::key(behind.seq))?,
                    commits.get_key(&records::key(commit.seq()))?,
                ))
            })
            .await?;
        let predecessor = match first {
            true => records::hash_of(&self.value(&before)?),
            // Its predecessor would have come with it.
            false => Some(behind.hash),
        };
        Ok(Obstacle {
            seen: records::seen_of(&self.value(&seen)?)?,
            predecessor,
            taken: !self.value(&taken)?.is_undefined(),
        })
    }

    /// Finds the first commit of a refused batch that something stands in the way of.
    async fn why_refused(
        &self,
        appends: &[Append],
        failure: JsFailure,
    ) -> Result<Appended, AppendError> {
        let mut commands = BTreeSet::new();
        for (place, append) in appends.iter().enumerate() {
            let commit = append.commit();
            let obstacle = self.obstacle(commit, place == 0).await?;
            if let Some(answer) = obstacle.verdict(commit) {
                return answer;
            }
            if !commands.insert(commit.command()) {
                let seq = commit.seq();
                return Err(AppendError::CommandReused { seq });
            }
        }
        Err(AppendError::Store(StoreError::Io(failure.to_string())))
    }
}

/// Queues all of an append's records. Returns the flag that is set when the predecessor was
/// not what the first commit goes behind.
fn queue_appends(tx: &Tx, appends: &[Append]) -> Result<Rc<Cell<bool>>, JsFailure> {
    let (commits, blocks, texts) = (tx.store(COMMITS)?, tx.store(BLOCKS)?, tx.store(TEXTS)?);
    let mut diverged = Rc::new(Cell::new(false));
    let behind = appends
        .first()
        .map_or(Head::EMPTY, |append| append.commit().behind());
    if behind.seq > 0 {
        let before = commits.get(&records::key(behind.seq))?;
        diverged = tx.abort_unless(&before, move |record| {
            records::hash_of(record) == Some(behind.hash)
        });
    }
    for append in appends {
        commits.add(&records::commit(append.commit())?)?;
        for block in append.blocks() {
            // Named by its content: the same one again is the same.
            let key = JsValue::from(block.digest().to_string());
            blocks.put_with_key(&records::bytes(block.bytes()), &key)?;
        }
        for text in append.texts() {
            texts.put_with_key(&records::text(text)?, &text.id.to_string().into())?;
        }
        for id in append.erases() {
            texts.delete(&id.to_string().into())?;
        }
    }
    Ok(diverged)
}

impl EventStore for IdbStore {
    async fn read_log(&self, from: LoadFrom) -> Result<RawLog, StoreError> {
        loop {
            let keys = match from {
                LoadFrom::Start => Vec::new(),
                LoadFrom::Newest | LoadFrom::Before(_) => self.snapshot_keys().await?,
            };
            let newest = (keys.into_iter().rev()).find(|seq| match from {
                LoadFrom::Before(limit) => *seq < limit,
                LoadFrom::Start | LoadFrom::Newest => true,
            });
            let (snapshot, commits, meta_keys, meta) = self
                .read(&[SNAPSHOTS, COMMITS, META], |tx| {
                    let snapshots = tx.store(SNAPSHOTS)?;
                    let commits = tx.store(COMMITS)?;
                    let meta = tx.store(META)?;
                    let range = IdbKeyRange::lower_bound(&records::key(newest.unwrap_or(1)))?;
                    Ok((
                        newest
                            .map(|seq| snapshots.get(&records::key(seq)))
                            .transpose()?,
                        commits.get_all_with_key(&range)?,
                        meta.get_all_keys()?,
                        meta.get_all()?,
                    ))
                })
                .await?;
            let gone = match &snapshot {
                Some(request) => self.value(request)?.is_undefined(),
                None => false,
            };
            if gone {
                // Another tab has made newer ones since: look again.
                continue;
            }
            let unreadable_at = newest.unwrap_or(0);
            let snapshot = match &snapshot {
                None => None,
                // Unreadable: said to be doubtful by a digest that cannot match.
                Some(request) => Some(self.snapshot_of(request)?.unwrap_or(Snapshot {
                    seq: unreadable_at,
                    hash: Digest::default(),
                    codec: 0,
                    digest: Digest::default(),
                    segments: Vec::new(),
                    bytes: Vec::new(),
                })),
            };
            let keys = Array::from(&self.value(&meta_keys)?);
            let values = Array::from(&self.value(&meta)?);
            let mut meta = BTreeMap::new();
            for (key, value) in keys.iter().zip(values.iter()) {
                let key = key.as_string().unwrap_or_default();
                meta.insert(key, records::bytes_of(&value, "meta")?);
            }
            let commits = self.raw_commits(&commits)?;
            return Ok(RawLog {
                snapshot,
                commits,
                meta,
            });
        }
    }

    async fn read_commits(&self, after: u64, limit: u32) -> Result<Vec<RawCommit>, StoreError> {
        if limit == 0 {
            // IndexedDB takes 0 for "no limit".
            return Ok(Vec::new());
        }
        let request = self
            .read(&[COMMITS], |tx| {
                let range = IdbKeyRange::lower_bound_with_open(&records::key(after), true)?;
                let commits = tx.store(COMMITS)?;
                Ok(commits.get_all_with_key_and_limit(&range, limit)?)
            })
            .await?;
        self.raw_commits(&request)
    }

    async fn head(&self) -> Result<Head, StoreError> {
        let request = self
            .read(&[COMMITS], |tx| {
                let backwards = web_sys::IdbCursorDirection::Prev;
                let commits = tx.store(COMMITS)?;
                Ok(commits.open_cursor_with_range_and_direction(&JsValue::NULL, backwards)?)
            })
            .await?;
        let cursor = self.value(&request)?;
        if cursor.is_null() {
            return Ok(Head::EMPTY);
        }
        let record = js::get(&cursor, "value").map_err(|failure| self.failed(failure))?;
        let commit = records::commit_of(&record)?;
        Ok(Head {
            seq: commit.seq,
            hash: Digest::of(&commit.bytes),
        })
    }

    async fn append_all(&self, appends: &[Append]) -> Result<Appended, AppendError> {
        check_contiguous(appends)?;
        let Some(last) = appends.last() else {
            return Ok(Appended::Written(self.head().await?));
        };
        let trace = &self.shared.trace;
        let database = self.database().await?;
        let before = trace.opened.get();
        let tx = Tx::open_traced(&database, &[COMMITS, BLOCKS, TEXTS], trace)
            .map_err(|failure| self.failed(failure))?;
        let diverged = match queue_appends(&tx, appends) {
            Ok(diverged) => diverged,
            Err(failure) => {
                tx.abort();
                bump(&trace.aborted);
                return Err(self.failed(failure).into());
            }
        };
        match tx.done().await {
            Ok(()) => {
                // On one connection appends end in the order they were opened.
                if trace.completed.get().saturating_add(trace.aborted.get()) <= before {
                    bump(&trace.early);
                }
                Ok(Appended::Written(last.commit().head()))
            }
            Err(failure) => {
                bump(&trace.aborted);
                if diverged.get() || failure.name == "ConstraintError" {
                    return self.why_refused(appends, failure).await;
                }
                Err(self.failed(failure).into())
            }
        }
    }

    async fn find_command(&self, command: CommandId) -> Result<Option<CommandSeen>, StoreError> {
        let request = self
            .read(&[COMMITS], |tx| {
                let index = tx.store(COMMITS)?.index(BY_COMMAND)?;
                Ok(index.get(&command.to_string().into())?)
            })
            .await?;
        records::seen_of(&self.value(&request)?)
    }

    async fn read_blocks(&self, digests: &[Digest]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let requests = self
            .read(&[BLOCKS, SEGMENTS], |tx| {
                let (blocks, segments) = (tx.store(BLOCKS)?, tx.store(SEGMENTS)?);
                let pair = |digest: &Digest| -> Result<_, JsFailure> {
                    let key = JsValue::from(digest.to_string());
                    Ok((blocks.get(&key)?, segments.get(&key)?))
                };
                digests.iter().map(pair).collect::<Result<Vec<_>, _>>()
            })
            .await?;
        let mut found = Vec::with_capacity(requests.len());
        for (block, segment) in &requests {
            let mut value = self.value(block)?;
            if value.is_undefined() {
                value = self.value(segment)?;
            }
            found.push(match value.is_undefined() {
                true => None,
                false => Some(records::bytes_of(&value, "block")?),
            });
        }
        Ok(found)
    }

    async fn read_texts(&self, ids: &[TextId]) -> Result<Vec<Option<TextRecord>>, StoreError> {
        let requests = self
            .read(&[TEXTS], |tx| {
                let texts = tx.store(TEXTS)?;
                let get = |id: &TextId| Ok(texts.get(&id.to_string().into())?);
                ids.iter()
                    .map(get)
                    .collect::<Result<Vec<IdbRequest>, JsFailure>>()
            })
            .await?;
        (ids.iter().zip(&requests))
            .map(|(id, request)| records::text_of(*id, &self.value(request)?))
            .collect()
    }

    async fn put_snapshot(&self, write: &SnapshotWrite) -> Result<(), StoreError> {
        let snapshot = &write.snapshot;
        let bytes = snapshot.encode()?;
        // The housekeeper lock keeps other tabs from doing this at the same time; if one did,
        // a segment too many may go, and opening falls back to the log.
        let mut kept = self.snapshot_keys().await?;
        kept.retain(|seq| *seq != snapshot.seq);
        kept.push(snapshot.seq);
        duebook_money::order::sort(&mut kept);
        let old = kept
            .drain(..kept.len().saturating_sub(SNAPSHOTS_KEPT))
            .collect::<Vec<u64>>();
        let (others, segments) = self
            .read(&[SNAPSHOTS, SEGMENTS], |tx| {
                let snapshots = tx.store(SNAPSHOTS)?;
                let get = |seq: &u64| Ok(snapshots.get(&records::key(*seq))?);
                let others = kept.iter().filter(|seq| **seq != snapshot.seq).map(get);
                let others = others.collect::<Result<Vec<IdbRequest>, JsFailure>>()?;
                Ok((others, tx.store(SEGMENTS)?.get_all_keys()?))
            })
            .await?;
        let mut named: BTreeSet<String> = BTreeSet::new();
        for other in &others {
            let other = self.snapshot_of(other)?;
            named.extend(
                other
                    .iter()
                    .flat_map(|s| &s.segments)
                    .map(|s| s.digest.to_string()),
            );
        }
        if kept.contains(&snapshot.seq) {
            named.extend(snapshot.segments.iter().map(|s| s.digest.to_string()));
        }
        let stored = Array::from(&self.value(&segments)?);
        self.write(&[SNAPSHOTS, SEGMENTS], Purpose::Relaxed, |tx| {
            let (snapshots, segments) = (tx.store(SNAPSHOTS)?, tx.store(SEGMENTS)?);
            for segment in &write.segments {
                let key = segment.digest().to_string();
                if named.contains(&key) {
                    segments.put_with_key(&records::bytes(segment.bytes()), &key.into())?;
                }
            }
            snapshots.put_with_key(&records::bytes(&bytes), &records::key(snapshot.seq))?;
            for seq in &old {
                snapshots.delete(&records::key(*seq))?;
            }
            for key in stored.iter() {
                if !key.as_string().is_some_and(|key| named.contains(&key)) {
                    segments.delete(&key)?;
                }
            }
            Ok(())
        })
        .await
    }

    async fn put_meta(&self, key: &str, value: Option<&[u8]>) -> Result<(), StoreError> {
        self.write(&[META], Purpose::Strict, |tx| {
            let meta = tx.store(META)?;
            match value {
                Some(value) => meta.put_with_key(&records::bytes(value), &key.into())?,
                None => meta.delete(&key.into())?,
            };
            Ok(())
        })
        .await
    }

    async fn get_meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let request = self
            .read(&[META], |tx| Ok(tx.store(META)?.get(&key.into())?))
            .await?;
        let value = self.value(&request)?;
        if value.is_undefined() {
            return Ok(None);
        }
        records::bytes_of(&value, "meta").map(Some)
    }
}
